"""How much of the worker's time a team may ask for at once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

#: Seconds after which a place is probably free.
RETRY_AFTER = 60


class QuotaError(Exception):
    """The team has as many of these waiting or running as it may; the message says what to do."""

    retry_after = RETRY_AFTER


def require_place(team: Any, waiting: QuerySet[Any], what: str, name: str) -> None:
    """Raise QuotaError where the team has reached the quota `name` (of settings.QUOTAS) with these open rows.

    Call it in the transaction that adds the row: the team's row is locked, so that two requests do not both pass.
    """
    type(team)._default_manager.select_for_update().filter(pk=team.pk).values_list("pk").first()
    most, count = settings.QUOTAS[name], waiting.count()
    if count >= most:
        raise QuotaError(
            f"Your team has {count} {what} waiting or running, and may have {most} at a time. "
            "Wait until one is done or cancel one, then try again."
        )
