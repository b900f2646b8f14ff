"""What signing in needs beyond allauth: sessions ended one by one, the way to the provider, a forgotten password."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import callback as provider_callback
from allauth.socialaccount.providers.openid_connect.views import login as provider_login
from allauth.usersessions.internal.flows.sessions import end_sessions as end
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from requests import RequestException

from studio.accounts import letters, queries, services
from studio.accounts.forms import ForgottenForm
from studio.accounts.limits import limited
from studio.accounts.models import User
from studio.accounts.signals import tell
from studio.accounts.single_sign_on import configured

log = structlog.get_logger(__name__)
#: The provider is away, or is none at all.
TROUBLES = (RequestException, OAuth2Error, KeyError, ValueError)


View = Callable[..., HttpResponse]


def unless_only_single_sign_on(view: View, *, shown: bool = False) -> View:
    """The view, closed where people come in by the provider alone; `shown`: its page is there, but takes nothing."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not configured().is_the_only_way or (shown and request.method in ("GET", "HEAD")):
            return view(request, *args, **kwargs)
        context = {"provider_name": configured().name, "alone": True}
        return render(request, "account/only_single_sign_on.html", context, status=403)

    return guarded


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out the session that `which` names, `others` for all but this one, or `all`."""
    mine = UserSession.objects.filter(user_id=_person(request).pk)
    which = request.POST.get("which", "")
    here = request.session.session_key
    if which == "others":
        chosen = list(mine.exclude(session_key=here))
    elif which == "all":
        chosen = list(mine)
    else:
        chosen = list(mine.filter(pk=int(which))) if which.isdecimal() and len(which) < 19 else []
    if not chosen and which not in {"others", "all"}:
        messages.info(request, "This session has ended already.")
        return redirect("usersessions_list")
    _end(request, chosen, which)
    ended_here = which == "all" or any(one.session_key == here for one in chosen)
    return redirect("account_login" if ended_here else "usersessions_list")


@transaction.atomic
def _end(request: HttpRequest, chosen: list[UserSession], which: str) -> None:
    person, membership = _person(request), queries.current_membership(_person(request), None)
    team = membership.team if membership else None
    tell(person, team, "sessions.ended", person, number=len(chosen), everywhere=which == "all")
    if not any(one.is_current() for one in chosen):
        messages.success(
            request, "Signed out there." if len(chosen) == 1 else f"{len(chosen)} sessions were signed out."
        )
    end(request, chosen)
    if which == "all" and request.user.is_authenticated:
        from django.contrib.auth import logout

        logout(request)


@login_not_required
@limited("door")
@require_POST
def single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider, by a page that leads there: the policy for forms lets none be sent to another house."""
    if not configured().is_on:
        raise Http404("Single sign-on is not set up here.")
    try:
        answer: HttpResponse = provider_login(request, provider_id)
    except TROUBLES as error:
        log.warning("single_sign_on_failed", error=str(error))
        return render(request, "socialaccount/authentication_error.html", status=401)
    if answer.status_code != 302:
        return answer
    context = {"redirect_to": answer["Location"], "provider_name": configured().name}
    return render(request, "socialaccount/login_redirect.html", context)


@login_not_required
@never_cache
def back_from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends people back; what it says may be anything."""
    try:
        answer: HttpResponse = provider_callback(request, provider_id)
    except (*TROUBLES, TypeError, AttributeError, ImproperlyConfigured) as error:  # the last: a name of 192 letters
        log.warning("single_sign_on_failed", error=str(error))
        return render(request, "socialaccount/authentication_error.html", status=401)
    return answer


@login_not_required
@never_cache
@limited("forgotten")
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Send a link that sets a new password, to an address that is known; the answer is the same for any other."""
    if not letters.possible():
        return render(request, "accounts/forgotten.html", {"possible": False, "alone": True})
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        person = queries.person(form.cleaned_data["email"])
        if person and person.is_active and not queries.has_fresh_link(person):
            services.send_password_link(person)
        return render(request, "accounts/forgotten.html", {"possible": True, "sent": True, "alone": True})
    context = {"possible": True, "form": form, "alone": True}
    return render(request, "accounts/forgotten.html", context, status=422 if form.errors else 200)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # LoginRequiredMiddleware lets nobody else in
    return request.user
