"""The room of the interface for programs."""

from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse

from studio.ui.commands import GO, Command


class ApiConfig(AppConfig):
    name = "studio.api"
    label = "api"
    verbose_name = "Interface for programs"

    def ready(self) -> None:
        from studio.api import listeners  # noqa: F401 - connects the signals

    def commands(self, request: HttpRequest, at: str) -> list[Command]:
        """The tokens, and the description of the addresses."""
        if getattr(request, "team", None) is None:
            return []
        tokens = Command("API tokens", reverse("api:tokens"), "key", also="settings token program script", group=GO)
        return [tokens, Command("API reference", reverse("api:reference"), "api", also="openapi program", group=GO)]
