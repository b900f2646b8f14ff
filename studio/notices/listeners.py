"""Tells people by a notice what other users changed about their accounts."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from studio.accounts.models import Team, User
from studio.accounts.signals import account_changed
from studio.notices import services
from studio.notices.models import Kind


@receiver(account_changed)
def notify_owner(person: User, team: Team, by: User, text: str, mailed: bool, **_: Any) -> None:
    """A notice to the person; not emailed again where an email of its own says the same."""
    services.send(team, [person], by, Kind.ACCOUNT, text, reverse("mfa_index"), mailed=mailed)
