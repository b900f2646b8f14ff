"""Writes down what rooms above the journal only tell by signal: deeds about people, sign-ins, changed passwords."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import models
from django.dispatch import receiver
from django.http import HttpRequest

from studio.accounts.models import Team, User
from studio.accounts.queries import current_membership, person
from studio.accounts.signals import happened
from studio.audit import failures
from studio.audit.services import record


@receiver(happened)
def write_down(
    actor: User | None, team: Team | None, verb: str, target: models.Model | str, details: dict[str, Any], **_: Any
) -> None:
    record(actor, team, verb, target, **details)


@receiver(user_logged_in)
def signed_in(user: User, **_: Any) -> None:
    _about(user, "person.signed_in")


@receiver(user_login_failed)
def failed_to_sign_in(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    email = str(credentials.get("email") or credentials.get("username") or "")
    failures.note(person(email) if email else None, "password", request)


@receiver(authentication_failed)
def failed_second_step(user: User, authenticator: Authenticator | None, request: HttpRequest, **_: Any) -> None:
    failures.note(user, "code" if authenticator else "key", request)


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    if isinstance(user, User):
        _about(user, "person.signed_out")


@receiver(password_changed)
@receiver(password_set)
def changed_password(user: User, **_: Any) -> None:
    _about(user, "password.changed")


@receiver(authenticator_added)
def added_factor(user: User, authenticator: Authenticator, **_: Any) -> None:
    _about(user, "second_factor.added", kind=authenticator.type)


@receiver(authenticator_removed)
def removed_factor(user: User, authenticator: Authenticator, **_: Any) -> None:
    _about(user, "second_factor.removed", kind=authenticator.type)


@receiver(authenticator_reset)
def renewed_codes(user: User, authenticator: Authenticator, **_: Any) -> None:
    _about(user, "second_factor.renewed", kind=authenticator.type)


@receiver(social_account_added)
def connected(sociallogin: SocialLogin, **_: Any) -> None:
    _about(sociallogin.user, "sign_on.connected")


@receiver(social_account_removed)
def disconnected(socialaccount: SocialAccount, **_: Any) -> None:
    _about(socialaccount.user, "sign_on.disconnected")


def _about(user: User, verb: str, **details: Any) -> None:
    membership = current_membership(user, None)
    record(user, membership.team if membership else None, verb, user, **details)
