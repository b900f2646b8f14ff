"""Named reads about people and teams."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from studio.accounts.models import Membership, OneTimeLink, Team, User

#: Somebody else could otherwise fill a mailbox, and void each link before it is used.
FRESH = timedelta(minutes=5)


def current_membership(user: User, team_id: int | None) -> Membership | None:
    """The person's membership in the chosen team, else in the first team they joined, else None."""
    return chosen(memberships(user), team_id)


def memberships(user: User) -> list[Membership]:
    """The person's memberships with their teams, the oldest first."""
    return list(Membership.objects.filter(user=user).select_related("team").order_by("joined_at", "id"))


def chosen(mine: list[Membership], team_id: int | None) -> Membership | None:
    """The one in this team, else the first, else None."""
    return next((one for one in mine if one.team_id == team_id), mine[0] if mine else None)


def members(team: Team) -> QuerySet[Membership]:
    """The team's people by name."""
    return Membership.objects.filter(team=team).select_related("user").order_by("user__name", "id")


def member(team: Team, pk: int) -> Membership:
    """One membership of the team; raises Membership.DoesNotExist."""
    return members(team).get(pk=pk)


def teams_of(user: User) -> QuerySet[Membership]:
    """The person's memberships by the team's name."""
    return Membership.objects.filter(user=user).select_related("team").order_by("team__name")


def open_invitations(team: Team) -> QuerySet[OneTimeLink]:
    """Invitations to the team that can still be used, newest first."""
    waiting = OneTimeLink.objects.filter(team=team, purpose=OneTimeLink.Purpose.INVITATION, used_at=None)
    return waiting.filter(expires_at__gt=timezone.now()).select_related("created_by")


def is_invited(email: str) -> bool:
    """Whether an invitation to this address can still be used."""
    waiting = OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.INVITATION, used_at=None, email__iexact=email)
    return waiting.filter(expires_at__gt=timezone.now()).exists()


def has_fresh_link(person: User) -> bool:
    """Whether a link that the person asked for lately still waits for them: there is no need for another."""
    asked_for = OneTimeLink.objects.filter(user=person, purpose=OneTimeLink.Purpose.PASSWORD, created_by=None)
    return asked_for.filter(used_at=None, created_at__gt=timezone.now() - FRESH).exists()


def person(email: str) -> User | None:
    """Who has this address, in any spelling of case."""
    return User.objects.filter(email__iexact=email).first()
