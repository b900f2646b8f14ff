"""Named reads about people and teams."""

from __future__ import annotations

from django.db.models import QuerySet

from studio.accounts.models import Membership, Team, User


def current_membership(user: User, team_id: int | None) -> Membership | None:
    """The person's membership in the chosen team, else in the first team they joined, else None."""
    mine = list(Membership.objects.filter(user=user).select_related("team").order_by("joined_at", "id"))
    return next((one for one in mine if one.team_id == team_id), mine[0] if mine else None)


def members(team: Team) -> QuerySet[Membership]:
    """The team's people by name."""
    return Membership.objects.filter(team=team).select_related("user").order_by("user__name", "id")
