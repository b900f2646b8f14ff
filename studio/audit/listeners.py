"""Writes down what rooms above the journal only tell by signal: deeds about people, sign-ins, changed passwords."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import models
from django.dispatch import receiver

from studio.accounts.models import Team, User
from studio.accounts.queries import current_membership
from studio.accounts.signals import happened
from studio.audit.services import record


@receiver(happened)
def write_down(
    actor: User | None, team: Team | None, verb: str, target: models.Model | str, details: dict[str, Any], **_: Any
) -> None:
    record(actor, team, verb, target, **details)


@receiver(user_logged_in)
def signed_in(user: User, **_: Any) -> None:
    _about(user, "person.signed_in")


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    if isinstance(user, User):
        _about(user, "person.signed_out")


@receiver(password_changed)
def changed_password(user: User, **_: Any) -> None:
    _about(user, "password.changed")


def _about(user: User, verb: str) -> None:
    membership = current_membership(user, None)
    record(user, membership.team if membership else None, verb, user)
