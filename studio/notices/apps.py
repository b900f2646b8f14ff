"""The notices room, and its bell in the bar on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse

from studio.ui.nav import BarItem

if TYPE_CHECKING:
    from studio.accounts.requests import TeamRequest


class NoticesConfig(AppConfig):
    """Notices."""

    name = "studio.notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from studio.notices import listeners  # noqa: F401 - connects the signals

    def bar(self, request: HttpRequest) -> BarItem | None:
        """The bell with how many notices the person has not read in this team."""
        from studio.notices import queries

        asked = cast("TeamRequest", request)
        if not asked.team:
            return None
        return BarItem("Notices", reverse("notices:list"), "bell", queries.unread(asked.user, asked.team).count())
