"""The demo: a marked team, one sample person for each role, and what each room's demo.py adds to it."""

from __future__ import annotations

import secrets
from importlib import import_module
from importlib.util import find_spec

from django.db import transaction

from studio import rooms
from studio.accounts import links
from studio.accounts.models import Membership, OneTimeLink, Team, User
from studio.accounts.roles import Role
from studio.accounts.services import create_team

TEAM = "Demo team"
PEOPLE = {
    Role.VIEWER: "Vic Viewer",
    Role.AUTHOR: "Ada Author",
    Role.REVIEWER: "Rui Reviewer",
    Role.MAINTAINER: "Mai Maintainer",
    Role.ADMINISTRATOR: "Ann Administrator",
}


@transaction.atomic
def load() -> dict[str, str]:
    """Make what is missing of the demo; may be repeated. Gives e-mail address → password of the people made now."""
    team = Team.objects.filter(is_demo=True).first() or create_team(TEAM, is_demo=True)
    passwords: dict[str, str] = {}
    people = {str(role): _person(team, role, name, passwords) for role, name in PEOPLE.items()}
    for room in rooms.present():
        if find_spec(f"studio.{room}.demo"):
            import_module(f"studio.{room}.demo").load(team, people)
    return passwords


def _person(team: Team, role: Role, name: str, passwords: dict[str, str]) -> User:
    membership = Membership.objects.filter(team=team, role=role).select_related("user").first()
    if membership:
        return membership.user
    email = f"{name.split()[0].lower()}@demo.example"
    passwords[email] = secrets.token_urlsafe(12)
    user = User.objects.create_user(email, name, passwords[email])
    Membership.objects.create(team=team, user=user, role=role)
    return user


@transaction.atomic
def enter_path() -> str:
    """Path of a link that signs in once as the demo's author; earlier ones stop working."""
    membership = Membership.objects.select_related("user", "team").get(team__is_demo=True, role=Role.AUTHOR)
    OneTimeLink.objects.filter(purpose=links.Purpose.ENTER, used_at=None).delete()
    _, token = links.issue(links.Purpose.ENTER, user=membership.user, team=membership.team)
    return f"/enter/{token}/"
