"""Pages for people outside: links that work once (first set-up, invitation, new password, demo)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from studio.accounts import links, queries, services
from studio.accounts.forms import JoinForm, NewPasswordForm, ResetForm, SetupForm
from studio.accounts.limits import limited
from studio.accounts.models import OneTimeLink, User
from studio.accounts.single_sign_on import configured

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LinkView = Callable[[HttpRequest, OneTimeLink], HttpResponse]


def opens_with(purpose: str) -> Callable[[LinkView], Callable[[HttpRequest, str], HttpResponse]]:
    """Decorator: the view gets the link that the token in the address opens; a spent one shows how to get another."""

    def decorate(view: LinkView) -> Callable[[HttpRequest, str], HttpResponse]:
        @login_not_required
        @sensitive_post_parameters()
        @never_cache
        @limited("door")
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def guarded(request: HttpRequest, token: str) -> HttpResponse:
            try:
                return view(request, links.find(purpose, token))
            except links.LinkSpent:
                return render(request, "accounts/link_spent.html", {"purpose": purpose, "alone": True}, status=410)

        return guarded

    return decorate


@opens_with(links.Purpose.SETUP)
def setup(request: HttpRequest, link: OneTimeLink) -> HttpResponse:
    """Create the first administrator and the first team."""
    form = SetupForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        user = services.set_up(link, data["email"], data["name"], data["password"], data["team"])
        return _welcome(request, user, f"Welcome, {user.get_short_name()}. You administer {data['team']}.")
    return _page(request, "accounts/setup.html", form)


@opens_with(links.Purpose.INVITATION)
def invitation(request: HttpRequest, link: OneTimeLink) -> HttpResponse:
    """Join a team: new people give name and password, known ones sign in first."""
    known = queries.person(link.email)
    if known:
        return _join_known(request, link, known)
    taken = None if configured().is_the_only_way else request.POST or None
    form = JoinForm(taken, person=None, initial={"email": link.email})
    if form.is_valid():
        user = services.join_as_new(link, form.cleaned_data["name"], form.cleaned_data["password"])
        return _welcome(request, user, f"Welcome to {link.team}.")
    return _page(request, "accounts/invitation.html", form, link)


@opens_with(links.Purpose.PASSWORD)
def new_password(request: HttpRequest, link: OneTimeLink) -> HttpResponse:
    """Set a new password and sign in with it; a second factor is asked for as ever."""
    form = ResetForm(request.POST or None, person=link.user)
    if form.is_valid():
        data = form.cleaned_data
        user = services.set_password(link, data["password"], revoke_tokens=data["revoke_tokens"])
        return _to_second_step(request, user)
    return _page(request, "accounts/new_password.html", form, link)


@opens_with(links.Purpose.ENTER)
def enter(request: HttpRequest, link: OneTimeLink) -> HttpResponse:
    """Enter the demo as one of its people (a page with one button, so that a preview of the link does not spend it)."""
    if request.method == "POST":
        return _welcome(request, services.enter_demo(link), f"You are {link.user}, in the demo.")
    return render(request, "accounts/enter.html", {"link": link, "alone": True})


def _join_known(request: HttpRequest, link: OneTimeLink, known: User) -> HttpResponse:
    is_them = request.user == known
    if request.method == "POST" and is_them:
        services.join(link, known)
        messages.success(request, f"Welcome to {link.team}.")
        return redirect("home")
    return render(request, "accounts/invitation_known.html", {"link": link, "is_them": is_them, "alone": True})


def _page(request: HttpRequest, template: str, form: NewPasswordForm, link: OneTimeLink | None = None) -> HttpResponse:
    context = {"form": form, "link": link, "alone": True}
    return render(request, template, context, status=422 if form.errors else 200)


def _to_second_step(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in as the sign-in page does: a second factor is asked for where there is one."""
    logout(request)
    messages.success(request, "Your new password is set.")
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url="/"))
    return answer


def _welcome(request: HttpRequest, user: User, words: str) -> HttpResponse:
    logout(request)
    login(request, user, backend=BACKEND)
    messages.success(request, words)
    return redirect("home")
