"""Who may do what: one table of rights by role, and the guards that ask it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from studio.accounts.models import Membership, Team, User
from studio.accounts.requests import TeamRequest
from studio.accounts.roles import Role

# What a role may do, in words; each role also may what the roles before it may. The settings page shows this table.
RIGHTS: dict[Role, tuple[str, ...]] = {
    Role.VIEWER: ("read rules, drafts, reviews and packs", "try rules in the lab"),
    Role.AUTHOR: ("write drafts, macros and lists", "hand in rules for review", "comment", "export rules"),
    Role.REVIEWER: ("approve rules or request changes",),
    Role.MAINTAINER: ("publish packs", "deprecate rules", "choose which advice is given", "read the journal"),
    Role.ADMINISTRATOR: (
        "invite people, change roles and close accounts",
        "change the team's settings",
        "set up webhooks",
        "export the journal",
        "approve what they had a hand in, with a reason that is kept",
    ),
}

P = ParamSpec("P")
TeamView = Callable[Concatenate[TeamRequest, P], HttpResponse]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponse]


class RoleNeeded(PermissionDenied):
    """Refused for want of a role; the message says which and whom to ask."""


def role_of(user: Any, team: Team | None) -> Role | None:
    """The person's role in the team, None for strangers."""
    if team is None or not getattr(user, "is_authenticated", False) or not user.is_active:
        return None
    role = Membership.objects.filter(user=user, team=team).values_list("role", flat=True).first()
    return Role(role) if role else None


def allows(user: Any, team: Team | None, role: str) -> bool:
    """Whether the person has at least `role` in the team."""
    held = role_of(user, team)
    return held is not None and held.includes(Role(role))


def require(user: User | Any, team: Team | None, role: str) -> None:
    """Raise RoleNeeded unless the person has at least `role` in the team."""
    if not allows(user, team, role):
        raise RoleNeeded(refusal(role_of(user, team), team, Role(role)))


def refusal(held: Role | None, team: Team | None, needed: Role) -> str:
    """Why a person was refused: what is needed, what they have, whom to ask."""
    if team is None:
        return "You don't belong to a team yet. Ask an administrator for an invitation."
    admins = Membership.objects.filter(team=team, role=Role.ADMINISTRATOR, user__is_active=True)
    names = list(admins.order_by("user__name").values_list("user__name", flat=True)[:3])
    have = f"you are {_article(held)}" if held else "you are not a member"
    ask = f" Ask {' or '.join(names)} to change your role." if names else ""
    return f"This needs the role {needed.label} in {team}; {have}.{ask}"


def team_required(role: str = Role.VIEWER) -> Callable[[TeamView[P]], PlainView[P]]:
    """Decorator: the view runs only for members of `request.team` who have at least `role`."""

    def decorate(view: TeamView[P]) -> PlainView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            team_request = cast(TeamRequest, request)
            membership = team_request.membership
            held = Role(membership.role) if membership else None
            if held is None or not held.includes(Role(role)):
                raise RoleNeeded(refusal(held, team_request.team, Role(role)))
            return view(team_request, *args, **kwargs)

        return guarded

    return decorate


def _article(role: Role) -> str:
    return f"{'an' if role.label[0] in 'AEIOU' else 'a'} {role.label}"
