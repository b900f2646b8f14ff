"""Named reads of notices."""

from __future__ import annotations

from django.db.models import QuerySet

from studio.accounts.models import Team, User
from studio.notices.models import Notice


def of(person: User, team: Team) -> QuerySet[Notice]:
    """The person's notices in the team, newest first."""
    return Notice.objects.filter(to=person, team=team)


def unread(person: User, team: Team) -> QuerySet[Notice]:
    """Those that the person has not read."""
    return of(person, team).filter(read_at=None)
