"""Switching a lint off for a team, and on again."""

from __future__ import annotations

from django.db import transaction

from rules_export.lints.registry import known
from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.lints.models import LONGEST_REASON, SwitchedOff


class NoSuchLintError(Exception):
    """No lint of the studio has this code. What Falco itself says cannot be switched off."""


@transaction.atomic
def switch_off(team: Team, by: User, code: str, reason: str) -> SwitchedOff:
    """Switch a lint off for all rules of the team; again with another reason replaces the reason.

    Raises NoSuchLintError for a code that is none of the studio's, ValueError without a reason, RoleNeeded below
    maintainer.
    """
    require(by, team, "maintainer")
    if known(code) is None:
        raise NoSuchLintError(code)
    if not reason.strip():
        raise ValueError("A lint is switched off with a reason.")
    row, _ = SwitchedOff.objects.update_or_create(
        team=team, code=code, defaults={"reason": reason.strip()[:LONGEST_REASON], "by": by}
    )
    record(by, team, "lint.switched_off", code, reason=row.reason)
    return row


@transaction.atomic
def switch_on(team: Team, by: User, code: str) -> None:
    """Switch it on again; nothing where it is on."""
    require(by, team, "maintainer")
    gone, _ = SwitchedOff.objects.filter(team=team, code=code).delete()
    if gone:
        record(by, team, "lint.switched_on", code)
