"""Secrets that must be read again (keys of authenticator apps, of webhooks) are kept encrypted under SECRET_KEY."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

MARK = "sealed:"


class CannotUnseal(Exception):
    """The secret was sealed under a key that is in neither SECRET_KEY nor SECRET_KEY_FALLBACKS."""

    def __init__(self) -> None:
        super().__init__("A kept secret cannot be read: add the former SECRET_KEY to SECRET_KEY_FALLBACKS.")


def seal(text: str) -> str:
    """The text encrypted under the present SECRET_KEY."""
    return MARK + _box().encrypt(text.encode()).decode()


def unseal(kept: str) -> str:
    """The text again, sealed under the present or a former key. Raises CannotUnseal."""
    try:
        return _box().decrypt(kept.removeprefix(MARK).encode()).decode()
    except InvalidToken as error:
        raise CannotUnseal from error


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_stretched(key))) for key in keys])


def _stretched(key: str) -> bytes:
    """SECRET_KEY has enough random bits; a hash with a name of its own keeps its uses apart."""
    return hashlib.sha256(b"mews kept secrets\x00" + key.encode()).digest()
