"""The settings page of tokens, the page that describes the interface, and the way into the interface itself."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.accounts.limits import limited
from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.accounts.roles import Role
from studio.accounts.single_sign_on import vouches
from studio.api import tokens
from studio.api.forms import TokenForm
from studio.api.models import ApiToken
from studio.api.scopes import SCOPES

SECRET = "new_api_token"  # noqa: S105 - the name of a place in the session


@team_required(Role.VIEWER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: TeamRequest) -> HttpResponse:
    """The person's tokens in this team, and the form for another; administrators see everybody's."""
    role = Role(request.membership.role)
    form = TokenForm(request.POST if request.method == "POST" else None, role=role)
    if request.method == "POST" and form.is_valid():
        return _made(request, form)
    return _page(request, form)


@limited("links")
def _made(request: TeamRequest, form: TokenForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        token, secret = tokens.make(
            request.user, request.team, data["name"], data.get("scopes", []), data["days"], vouched=vouches(request)
        )
    except tokens.CannotMakeError as refused:
        form.add_error(None, str(refused))
        return _page(request, form)
    request.session[SECRET] = {"name": token.name, "secret": secret}
    return redirect("api:tokens")


def _page(request: TeamRequest, form: TokenForm) -> HttpResponse:
    context = {
        "form": form,
        "tokens": tokens.seen_by(request.user, request.team),
        "new": request.session.pop(SECRET, None),
        "everybody": Role(request.membership.role).includes(Role.ADMINISTRATOR),
    }
    return render(request, "api/tokens.html", context, status=422 if form.errors else 200)


@team_required(Role.VIEWER)
@require_POST
def revoke(request: TeamRequest, pk: int) -> HttpResponse:
    """End a token."""
    try:
        found = tokens.revoke(pk, request.team, request.user)
    except (ApiToken.DoesNotExist, OverflowError) as error:
        raise Http404("You have no such token in this team.") from error
    messages.success(request, f"{found.name} no longer lets anybody in.")
    return redirect("api:tokens")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every address of the interface, from its own description."""
    from studio.api import reference as described

    return render(request, "api/reference.html", {"groups": described.groups(), "scopes": SCOPES.items()})


@login_not_required
@csrf_exempt
def v1(request: HttpRequest, rest: str) -> HttpResponseBase:
    """The interface. It is loaded with the first request, so that starting Mews does not wait for it.

    No sign-in by cookie counts here, so that no other site can have a browser do anything.
    """
    from studio.api import door

    return door.answer(request, rest)
