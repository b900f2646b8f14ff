"""Sign-ins that failed: written down so that they can be seen, and so seldom that they cannot flood the journal."""

from __future__ import annotations

from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from studio.accounts.models import User
from studio.accounts.queries import current_membership
from studio.audit.services import record

VERB = "person.sign_in_failed"
#: Seconds in which one person's failures, and those of all whom nobody knows, make one entry each.
ONE_IN = 300
#: Seconds for which further ones are counted, to be told by the next entry.
COUNTED_FOR = 86_400
#: An address that is no one's is kept nowhere: people type their passwords into the wrong field.
UNKNOWN = "an address that nobody here has"


def note(person: User | None, by: str, request: HttpRequest | None) -> None:
    """Somebody tried to be this person (None: nobody we know), and failed. by: password, code or key."""
    key = f"sign_in_failed_{person.pk if person else 0}"
    if not cache.add(key, 1, ONE_IN):
        cache.add(f"{key}_more", 0, COUNTED_FOR)
        with suppress(ValueError):
            cache.incr(f"{key}_more")
        return
    details: dict[str, object] = {"by": by, "from": _network_address(request)}
    if before := cache.get(f"{key}_more"):
        details["since_last_entry"] = before
        cache.delete(f"{key}_more")
    membership = current_membership(person, None) if person else None
    record(None, membership.team if membership else None, VERB, person or UNKNOWN, **details)


def _network_address(request: HttpRequest | None) -> str:
    with suppress(PermissionDenied):
        return str(get_adapter().get_client_ip(request)) if request else ""
    return ""
