"""Who may open a page of the wizard, and what becomes of a post whose sign-in has run out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse

from studio.accounts.permissions import require, team_required
from studio.accounts.requests import TeamRequest
from studio.authoring import kept, queries
from studio.authoring.models import Draft
from studio.authoring.steps import BY_SLUG, Step

StepView = Callable[[TeamRequest, Draft, Step], HttpResponse]


def draft_or_404(request: TeamRequest, pk: int) -> Draft:
    """The team's draft; another team's does not exist."""
    try:
        return queries.draft(request.team, pk)
    except (Draft.DoesNotExist, OverflowError) as error:
        raise Http404("There is no such draft in this team.") from error


def step_or_404(slug: str) -> Step:
    """One of the seven steps."""
    if slug not in BY_SLUG:
        raise Http404("The wizard has no such step.")
    return BY_SLUG[slug]


def step_page(view: StepView) -> Callable[..., HttpResponse]:
    """A page of one draft and step: members read, authors post; a post without sign-in is kept until after it."""

    @team_required("viewer")
    def inside(request: TeamRequest, pk: int, step: str) -> HttpResponse:
        if request.method == "POST":
            require(request.user, request.team, "author")
        return view(request, draft_or_404(request, pk), step_or_404(step))

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, pk: int, step: str) -> HttpResponse:
        if request.user.is_authenticated:
            return inside(request, pk, step)
        after = request.get_full_path()
        if request.method == "POST" and step in BY_SLUG and kept.keep(request, pk, step):
            after = reverse("authoring:kept")
        return _to_sign_in(request, after)

    return guarded


def _to_sign_in(request: HttpRequest, after: str) -> HttpResponse:
    """Send to the sign-in page and then on to `after`; htmx is told to load the whole page."""
    url = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': after})}"
    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
