"""Links that work once: made with a random token of which only the hash is kept, valid for a time, spent by use."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts.models import OneTimeLink, User

Purpose = OneTimeLink.Purpose

LIFETIMES: dict[str, timedelta] = {
    Purpose.SETUP: timedelta(hours=24),
    Purpose.INVITATION: timedelta(days=7),
    Purpose.PASSWORD: timedelta(hours=24),
    Purpose.ENTER: timedelta(hours=24),
}


class LinkSpent(Exception):
    """The link was used, withdrawn, or is too old."""


def hashed(token: str) -> str:
    """What is kept of a token: SHA-256 (tokens have 256 random bits, so no salt is needed)."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue(purpose: str, **details: Any) -> tuple[OneTimeLink, str]:
    """A new link and its token, which is never seen again."""
    token = secrets.token_urlsafe(32)
    expires = timezone.now() + LIFETIMES[purpose]
    link = OneTimeLink.objects.create(purpose=purpose, token_hash=hashed(token), expires_at=expires, **details)
    return link, token


def find(purpose: str, token: str) -> OneTimeLink:
    """The link that this token opens; LinkSpent when there is none, or no longer."""
    known = OneTimeLink.objects.select_related("team", "user", "created_by")
    link = known.filter(purpose=purpose, token_hash=hashed(token), used_at=None, expires_at__gt=timezone.now()).first()
    closed = link is not None and link.user is not None and not link.user.is_active
    if link is None or closed or (purpose == Purpose.SETUP and User.objects.exists()):
        raise LinkSpent
    return link


def spend(link: OneTimeLink) -> None:
    """Mark the link used; of two who try at once, one gets LinkSpent. Call it in the transaction of the deed."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A link is spent together with what it allows")
    unused = OneTimeLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=timezone.now())
    if not unused.update(used_at=timezone.now()):
        raise LinkSpent
