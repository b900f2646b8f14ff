"""The people of our stories: one for each role in the team Harbour, and a stranger from another house."""

from __future__ import annotations

from dataclasses import dataclass

from studio.accounts.models import Membership, Team, User
from studio.accounts.roles import Role

PASSWORD = "a perch above the river"


@dataclass(frozen=True)
class Cast:
    """Everybody on stage. Vic views, Ada authors, Rui reviews, Mai maintains, Ann administers; Sam is a stranger."""

    team: Team
    other_team: Team
    vic: User
    ada: User
    rui: User
    mai: User
    ann: User
    sam: User


ROLES = {
    "Vic Viewer": Role.VIEWER,
    "Ada Author": Role.AUTHOR,
    "Rui Reviewer": Role.REVIEWER,
    "Mai Maintainer": Role.MAINTAINER,
    "Ann Administrator": Role.ADMINISTRATOR,
}


def person(name: str, team: Team, role: Role) -> User:
    """Somebody with a role in a team; the password is PASSWORD, the address <first name>@<team's slug>.example."""
    user = User.objects.create_user(f"{name.split()[0].lower()}@{team.slug}.example", name, PASSWORD)
    Membership.objects.create(user=user, team=team, role=role)
    return user


def cast() -> Cast:
    """Put everybody on stage."""
    harbour = Team.objects.create(name="Harbour", slug="harbour")
    inland = Team.objects.create(name="Inland", slug="inland")
    vic, ada, rui, mai, ann = (person(name, harbour, role) for name, role in ROLES.items())
    return Cast(harbour, inland, vic, ada, rui, mai, ann, person("Sam Stranger", inland, Role.ADMINISTRATOR))
