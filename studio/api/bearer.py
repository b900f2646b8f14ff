"""Who asks: the token of the request, what it may, and how often."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from studio.accounts.limits import within
from studio.accounts.models import Membership
from studio.accounts.permissions import RoleNeeded, refusal
from studio.accounts.roles import Role
from studio.api import tokens
from studio.api.models import ApiToken
from studio.api.problems import Problem
from studio.api.scopes import SCOPES, Scope
from studio.audit.services import by_way_of


class Bearer(HttpBearer):
    """Lets tokens with a scope in, as long as their person has the role; the request is that person's from then on."""

    def __init__(self, scope: Scope, role: Role) -> None:
        super().__init__()
        self.scope, self.role = scope, role

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token; None for none of ours. Raises Problem where it does not reach that far."""
        found = tokens.find(token)
        if found is None:
            return None
        held = Membership.objects.select_related("team").filter(user=found.user, team=found.team).first()
        if held is None:
            return None
        if tokens.lacks_second_factor(found):
            raise Problem(
                403,
                f"{held.team} requires a second factor, and {found.user.name} has none. Set one up under Settings, "
                "Sign-in and security; this token works again after that.",
            )
        if self.scope.value not in found.scopes:
            raise Problem(403, f"The token lacks the scope {self.scope}.")
        role = Role(held.role)
        if not role.includes(self.role):
            raise RoleNeeded(refusal(role, held.team, self.role))
        request.user, request.team, request.membership = found.user, held.team, held  # type: ignore[attr-defined]
        by_way_of(f"API token {found}")
        tokens.note_use(found)
        return found


class PerToken(SimpleRateThrottle):
    """So many requests of one token in a minute (API_RATE in the settings)."""

    scope = "api"

    def __init__(self) -> None:
        super().__init__(settings.API_RATE)

    def get_cache_key(self, request: HttpRequest) -> str | None:
        token: ApiToken | None = getattr(request, "auth", None)
        return f"api_rate_{token.pk}" if token else None


def not_too_often(request: HttpRequest, action: str) -> None:
    """The same limit as the page has; tokens and pages count together. Raises Problem."""
    if not within(request, action):
        raise Problem(429, "You have done this too often. Wait a while.")


def may(scope: Scope, role: Role | None = None) -> Bearer:
    """What an address takes: the scope, and the role that the scope speaks of, or a further one."""
    return Bearer(scope, role or SCOPES[scope].role)


READ, WRITE, REVIEW = may(Scope.READ), may(Scope.WRITE), may(Scope.REVIEW)
RELEASE, JOURNAL, ADMINISTER = may(Scope.RELEASE), may(Scope.JOURNAL), may(Scope.ADMINISTER)
