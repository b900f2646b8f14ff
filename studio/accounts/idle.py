"""Sessions end after some time without activity: by the limit of the server or of a team, whichever is less."""

from __future__ import annotations

import time
from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from studio.accounts.models import Membership, User
from studio.accounts.signals import tell

#: The moment of the last activity, in the session.
SEEN = "seen"
#: Sent by the page with requests that nobody asked for, such as polling: they keep no session alive.
BACKGROUND = "X-Background"
#: Seconds between two notes of the last activity at most; each costs a write.
MAX_NOTE_PAUSE = 60
SAFE = ("GET", "HEAD", "OPTIONS")


def is_background(request: HttpRequest) -> bool:
    """Whether the page asked by itself."""
    return BACKGROUND in request.headers


def limit(memberships: Iterable[Membership]) -> int:
    """Seconds without activity after which a session of somebody with these memberships ends; 0 for never."""
    minutes = [settings.SESSION_IDLE_MINUTES, *(one.team.idle_minutes for one in memberships)]
    return 60 * min((one for one in minutes if one > 0), default=0)


def has_ended(request: HttpRequest, seconds: int) -> bool:
    """Whether the session was idle for longer than this; notes the activity otherwise."""
    now = int(time.time())
    seen = _seen(request, now)
    if now - seen > seconds:
        return True
    if not is_background(request) and (SEEN not in request.session or now - seen >= min(MAX_NOTE_PAUSE, seconds // 10)):
        request.session[SEEN] = now
    return False


def _seen(request: HttpRequest, now: int) -> int:
    """When the session was last used. Sessions that are older than the limit have it in the list of sessions only."""
    if isinstance(seen := request.session.get(SEEN), int):
        return seen
    known = UserSession.objects.filter(session_key=request.session.session_key).values_list("last_seen_at", flat=True)
    return int(known[0].timestamp()) if known else now


@transaction.atomic
def end(request: HttpRequest, memberships: list[Membership], seconds: int) -> HttpResponse | None:
    """End the session. Gives an answer where going on without a person would lead nowhere."""
    assert isinstance(request.user, User)  # only sessions of people have a limit
    tell(request.user, memberships[0].team if memberships else None, "session.timed_out", request.user)
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.flush()
    request.user = AnonymousUser()
    minutes = seconds // 60
    words = f"You were signed out after {minutes} minute{'' if minutes == 1 else 's'} without activity."
    if not is_background(request):
        messages.info(request, words)
    if request.method in SAFE or request.headers.get("HX-Request"):
        return None
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': _page(request)})}")


def _page(request: HttpRequest) -> str:
    """The page from which a form was sent: what it was sent to cannot be opened."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return urlsplit(referer).path or "/"
    return "/"
