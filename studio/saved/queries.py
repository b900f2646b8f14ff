"""Named reads of saved views."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from studio.accounts.models import Team, User
from studio.saved.models import SavedView


def seen_by(person: User, team: Team, place: str) -> QuerySet[SavedView]:
    """The person's own views of a list and those that the team shares, by name."""
    found = SavedView.objects.filter(team=team, place=place).select_related("person")
    return found.filter(Q(person=person) | Q(shared=True))
