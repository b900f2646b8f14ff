"""Puts the person's team on the request, ends idle sessions, asks for a second factor where the team wants one, and
notes sessions."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from studio.accounts import factors, idle, queries, single_sign_on
from studio.accounts.models import Team, User
from studio.failures import optional_write

SESSION_KEY = "team"
#: Open to people who still have to set up a second factor: signing in and out, their own settings, the look.
FREE = (
    "/account/",
    "/look/",
    "/healthz",
    "/metrics",
    "/static/",
    "/settings/switch/",
    "/invitation/",
    "/new-password/",
)
#: No activity of anybody: files of the pages, and what watches over Mews.
STATIC = ("/static/", "/healthz", "/metrics")
#: Seconds between two notes of a session's last use, and how many sessions a process remembers to have noted.
NOTE_EVERY = 300
REMEMBERED = 5000


class TeamMiddleware:
    """Sets `request.team` and `request.membership`: the team chosen in this session, else the first; None for none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        membership = None
        if isinstance(request.user, User):
            mine = queries.memberships(request.user)
            membership = queries.chosen(mine, request.session.get(SESSION_KEY))
            seconds = idle.limit(mine)
            if seconds and not request.path.startswith(STATIC) and idle.has_ended(request, seconds):
                membership = None
                if answer := idle.end(request, mine, seconds):
                    return answer
        request.membership = membership  # type: ignore[attr-defined]
        request.team = membership.team if membership else None  # type: ignore[attr-defined]
        if membership and lacks_second_factor(request, membership.user_id, membership.team):
            return _ask_for_second_factor(request, membership.team)
        return self.get_response(request)


def lacks_second_factor(request: HttpRequest, person: int, team: Team) -> bool:
    """Whether the team wants a second factor, the person has none, and the page is not one of those that lead there."""
    if not team.second_factor_required or request.path.startswith(FREE):
        return False
    return not factors.have_one([person]) and not single_sign_on.vouches(request)


def _ask_for_second_factor(request: HttpRequest, team: Team) -> HttpResponse:
    messages.warning(request, f"{team} asks for a second factor. Set one up to go on.")
    where = reverse("mfa_index")
    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return redirect(where)


class SessionWatch:
    """Notes when and from where a session was last used, every five minutes at most, so that its list is true."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.noted: OrderedDict[str, float] = OrderedDict()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and isinstance(request.user, User) and not idle.is_background(request) and self._is_due(key):
            with optional_write("session seen"):
                UserSession.objects.create_from_request(request)
        return self.get_response(request)

    def _is_due(self, key: str) -> bool:
        now = time.monotonic()
        if now - self.noted.get(key, -NOTE_EVERY) < NOTE_EVERY:
            return False
        self.noted[key] = now
        self.noted.move_to_end(key)
        if len(self.noted) > REMEMBERED:
            self.noted.popitem(last=False)
        return True
