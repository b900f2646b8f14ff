"""Undo, redo, and what was kept while the sign-in had run out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.authoring import kept, services
from studio.authoring.forms import bound
from studio.authoring.forms.base import Redraw
from studio.authoring.services import NothingToUndoError, Seen, StaleDraftError
from studio.authoring.steps import BY_SLUG, STEPS
from studio.authoring.views import draw
from studio.authoring.views.guards import draft_or_404
from studio.authoring.views.steps import change


@team_required("author")
@require_POST
def walk(request: TeamRequest, pk: int) -> HttpResponse:
    """One step back or forward in the draft's history, answered on the step where the button was."""
    draft = draft_or_404(request, pk)
    step = BY_SLUG.get(request.POST.get("step", ""), STEPS[0])
    form = bound("check", request.POST)
    if not form.is_valid():
        return draw.refused(request, draft, step, form)
    forward = request.POST.get("direction") == "redo"
    try:
        draft = services.step_in_history(
            pk, Seen(request.user, request.team, form.cleaned_data["version"]), forward=forward
        )
    except NothingToUndoError:
        messages.info(request, f"There is nothing to {'redo' if forward else 'undo'}.")
    except StaleDraftError as stale:
        return draw.conflict(request, step, stale)
    if request.htmx:
        return draw.saved(request, draft, step, Redraw.STAGE)
    return redirect("authoring:step", draft.pk, step.slug)


@team_required("author")
@require_GET
def kept_post(request: TeamRequest) -> HttpResponse:
    """After signing in again: what was typed meanwhile is saved now, or shown beside somebody else's change."""
    found = kept.take(request)
    if found is None:
        return redirect("authoring:list")
    draft = draft_or_404(request, found.draft)
    request.POST = found.data  # type: ignore[assignment]
    response = change(request, draft, BY_SLUG[found.step])
    if response.status_code in (301, 302):
        messages.success(request, "You were signed out. What you had typed is saved now.")
    return response
