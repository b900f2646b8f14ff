"""The authoring room: its entry in the rail, the button on top, and what the search over everything finds in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse

from studio.ui.nav import ActionItem, Hit, NavItem

if TYPE_CHECKING:
    from studio.accounts.requests import TeamRequest

#: Drafts that one search over everything shows.
HITS = 8


class AuthoringConfig(AppConfig):
    """Drafts and the wizard."""

    name = "studio.authoring"
    default_auto_field = "django.db.models.BigAutoField"
    nav = [NavItem("Drafts", "authoring:list", "feather", 30, key="d")]
    actions = [ActionItem("New rule", "authoring:create", "plus", 10)]

    def search(self, request: HttpRequest, text: str) -> list[Hit]:
        """The team's drafts by name, technique or author."""
        from studio.authoring import queries

        team = cast("TeamRequest", request).team
        if team is None:
            return []
        return [
            Hit("Draft", item.display_title, item.techniques, reverse("authoring:draft", args=[item.pk]), "feather")
            for item in queries.drafts(team, text)[:HITS]
        ]
