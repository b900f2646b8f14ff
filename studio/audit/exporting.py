"""The journal as JSON Lines for whoever may have it; that they took it is an entry itself."""

from __future__ import annotations

from collections.abc import Iterator

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.accounts.roles import Role
from studio.audit import lines, queries
from studio.audit.services import record

KIND = "application/x-ndjson; charset=utf-8"


def export(by: User, team: Team, wanted: queries.Wanted) -> Iterator[str]:
    """The entries that fit, oldest first, each with its hash."""
    require(by, team, Role.ADMINISTRATOR)
    found = queries.of_team(team, wanted).order_by("number")
    taken = record(by, team, "journal.exported", team, entries=found.count(), **wanted.words())
    return (lines.line(entry) for entry in found.filter(number__lt=taken.number).iterator(chunk_size=1000))
