"""The room's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest

from studio.ui.nav import Hit, NavItem


class BehavioursConfig(AppConfig):
    """Behaviours: built-in knowledge, no tables."""

    name = "studio.behaviours"
    label = "behaviours"
    verbose_name = "Behaviours"
    nav = [NavItem("Behaviours", "behaviours:index", "spy", 60, key="b")]

    def search(self, request: HttpRequest, text: str) -> list[Hit]:
        """Behaviours for the search over everything."""
        from django.urls import reverse

        from studio.behaviours import queries  # the library is read on first use

        return [
            Hit("Behaviour", found.title, found.kernel, reverse("behaviours:detail", args=[found.id]), "spy")
            for found in queries.search(text)[:6]
        ]
