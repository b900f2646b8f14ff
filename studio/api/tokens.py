"""The verbs on tokens: make, find, note the use, revoke."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from studio.accounts import factors
from studio.accounts.links import hashed
from studio.accounts.models import Team, User
from studio.accounts.permissions import require, role_of
from studio.accounts.roles import Role
from studio.accounts.single_sign_on import configured
from studio.api.models import ApiToken
from studio.api.scopes import Scope, within
from studio.audit.services import record
from studio.failures import optional_write

#: How every secret begins, so that scanners for leaked keys know it.
START = "mews_"
SHOWN = 10
USUAL_DAYS, MOST_DAYS = 90, 365
#: Live tokens of one person in one team.
MOST = 20
#: The last use is noted so often at most.
NOTE_EVERY = timedelta(minutes=1)


class CannotMakeError(Exception):
    """There can be no such token; the message says why and what would help."""


@transaction.atomic
def make(
    by: User, team: Team, name: str, scopes: Iterable[str], days: int, *, vouched: bool = False
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is never shown again.

    vouched: the person's single sign-on answers for a second factor. Raises CannotMakeError, RoleNeeded.
    """
    require(by, team, Role.VIEWER)
    if team.second_factor_required and not vouched and not factors.has_one(by):
        raise CannotMakeError(f"{team} asks for a second factor. Set one up first.")
    if not 1 <= days <= MOST_DAYS:
        raise CannotMakeError(f"A token lasts from 1 to {MOST_DAYS} days.")
    if _live(by, team).count() >= MOST:
        raise CannotMakeError(f"You have {MOST} tokens here. Revoke one that is no longer needed.")
    held, wanted = role_of(by, team), {Scope.READ, *(Scope(one) for one in scopes)}
    if held is None or (beyond := wanted - set(within(held))):
        raise CannotMakeError(f"Your role does not reach that far: {', '.join(sorted(beyond))}.")
    secret = START + secrets.token_urlsafe(32)
    now = timezone.now()
    token = ApiToken.objects.create(
        user=by, team=team, name=name.strip()[:80], prefix=secret[:SHOWN], token_hash=hashed(secret),
        scopes=[one.value for one in Scope if one in wanted], created_at=now, expires_at=now + timedelta(days=days),
        vouched=vouched,
    )  # fmt: skip
    record(by, team, "token.made", token, scopes=token.scopes, expires=token.expires_at)
    return token, secret


def find(secret: str) -> ApiToken | None:
    """The live token of this secret, with its person and team."""
    if not secret.startswith(START) or len(secret) > 100:
        return None
    found = ApiToken.objects.select_related("user", "team").filter(token_hash=hashed(secret)).first()
    return found if found and found.is_live and found.user.is_active else None


def note_use(token: ApiToken) -> None:
    """Remember when it was last used."""
    now = timezone.now()
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTE_EVERY)
    if token.last_used_at is None or token.last_used_at < now - NOTE_EVERY:
        with optional_write("token used"):
            ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)


@transaction.atomic
def revoke(pk: int, team: Team, by: User) -> ApiToken:
    """End a token: one's own, or as an administrator anybody's in the team. Raises ApiToken.DoesNotExist."""
    found = seen_by(by, team).select_for_update(of=("self",)).get(pk=pk)
    if found.revoked_at is None:
        found.revoked_at = timezone.now()
        found.save(update_fields=["revoked_at"])
        record(by, team, "token.revoked", found, of=found.user.name)
    return found


@transaction.atomic
def revoke_all(person: User, team: Team | None, by: User | None, because: str) -> int:
    """End the person's live tokens for the team, or for every team; how many there were. Who may is for the caller to
    know."""
    live = ApiToken.objects.select_for_update(of=("self",)).select_related("team")
    live = live.filter(user=person, revoked_at=None, expires_at__gt=timezone.now())
    found = list(live.filter(team=team) if team else live)
    for token in found:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(by, token.team, "token.revoked", token, of=person.name, because=because)
    return len(found)


def lacks_second_factor(token: ApiToken) -> bool:
    """Whether the team requires a second factor and the token's person has none, nor a provider that asks for one."""
    if not token.team.second_factor_required or factors.has_one(token.user):
        return False
    sign_on = configured()
    connected = sign_on.is_on and sign_on.second_factor and token.vouched
    return not (connected and SocialAccount.objects.filter(user=token.user).exists())


def seen_by(person: User, team: Team) -> QuerySet[ApiToken]:
    """The person's tokens in the team; for administrators everybody's."""
    found = ApiToken.objects.filter(team=team).select_related("user")
    held = role_of(person, team)
    return found if held and held.includes(Role.ADMINISTRATOR) else found.filter(user=person)


def _live(person: User, team: Team) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=person, team=team, revoked_at=None, expires_at__gt=timezone.now())
