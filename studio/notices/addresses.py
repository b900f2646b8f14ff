"""Where a webhook may point: checked when it is written down, and again when it is sent (studio.notices.delivering)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from studio import networks

LONGEST = 1000


def host(url: str) -> str:
    """The address's host and port, without the path, which may hold a secret."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"


def check(url: str) -> str:
    """The address as it is kept. Raises ValidationError with a sentence that says what to do."""
    inside = settings.WEBHOOK_ALLOW_PRIVATE
    try:
        parts = urlsplit(url)
        name, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValidationError("This is not an address.") from error
    if parts.scheme not in ({"http", "https"} if inside else {"https"}) or not name:
        raise ValidationError("Give an address that begins with https:// and names a host.")
    if parts.username is not None or parts.password is not None:
        raise ValidationError("Leave name and password out of the address; the signature proves who sends.")
    if any(ord(one) < 33 for one in url) or "\\" in url:
        raise ValidationError("An address has no spaces and no backslashes.")
    if not inside and not networks.may_be_public(name):
        raise ValidationError(
            "This address is not in the public internet, where Mews sends. Give a public host name; whoever runs Mews "
            "can allow private networks with MEWS_WEBHOOK_ALLOW_PRIVATE=1."
        )
    return url
