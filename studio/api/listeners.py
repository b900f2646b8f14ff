"""Revokes the tokens of people whose access ends."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from studio.accounts.models import Team, User
from studio.accounts.signals import access_ended
from studio.api import tokens


@receiver(access_ended)
def revoke_tokens(person: User, team: Team | None, by: User | None, because: str, **_: Any) -> None:
    """Revoke the person's live tokens for the team, or for every team."""
    tokens.revoke_all(person, team, by, because)
