"""The lints room: a tab of the settings, and an entry of the search over everything."""

from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse

from studio.ui.commands import GO, Command
from studio.ui.nav import Hit

#: Lints that one search over everything shows.
HITS = 5


class LintsConfig(AppConfig):
    """What the studio looks for in a rule."""

    name = "studio.lints"
    default_auto_field = "django.db.models.BigAutoField"

    def search(self, request: HttpRequest, text: str) -> list[Hit]:
        """Lints by their code or the words of their title."""
        from studio.lints import catalogue

        found = catalogue.saying(text)[:HITS] if text.strip() else []
        return [
            Hit("Finding", one.lint.code, one.lint.title, reverse("lints:page", args=[one.lint.code]), "bulb")
            for one in found
        ]

    def commands(self, request: HttpRequest, at: str) -> list[Command]:
        """The page of all findings."""
        return [Command("Findings", reverse("lints:index"), "bulb", also="settings lints warnings advice", group=GO)]
