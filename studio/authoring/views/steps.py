"""The pages of the seven steps, and every change that is posted to them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.authoring import described, presence, services
from studio.authoring.edits import RefusedEditError
from studio.authoring.forms import bound
from studio.authoring.forms.behaviours import DescribeForm
from studio.authoring.models import Draft
from studio.authoring.services import Seen, StaleDraftError
from studio.authoring.steps import BY_SLUG, Step, neighbours
from studio.authoring.views import draw
from studio.authoring.views.guards import draft_or_404, step_page
from studio.definitions.services import RefusedError
from studio.lints import queries as lints


@step_page
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: TeamRequest, draft: Draft, step: Step) -> HttpResponse:
    """A step: looked at, or changed."""
    if request.method == "POST":
        return change(request, draft, step)
    services.visit(draft, step.slug)
    presence.note(draft, request.user, step.slug)
    return draw.page(request, draft, step)


def change(request: TeamRequest, draft: Draft, step: Step) -> HttpResponse:
    """One change: saved and answered, refused with the reason, or shown beside somebody else's."""
    form = bound(step.slug, request.POST)
    form.asker, form.rule_set = (request.team, request.user), draft.rule_set
    if not form.is_valid():
        return draw.refused(request, draft, step, form)
    form.by, form.off = request.user, lints.off(request.team.pk)
    seen = Seen(request.user, request.team, form.cleaned_data["version"])
    try:
        with transaction.atomic():
            form.prepare()
            draft = services.edit(draft.pk, seen, form.edit())
    except StaleDraftError as stale:
        return draw.conflict(request, step, stale)
    except (RefusedEditError, RefusedError) as refused:
        form.add_error(None, str(refused))
        return draw.refused(request, draft, step, form)
    form.follow(draft, request.user)
    if request.htmx:
        return draw.saved(request, draft, step, form.redraw, form.asked)
    address = resolve_url("authoring:step", draft.pk, _next(step, request.POST.get("then", "")))
    return redirect(f"{address}?{urlencode(form.asked)}#{form.anchor}" if form.asked else address)


@team_required("viewer")
@require_POST
def describe(request: TeamRequest, pk: int) -> HttpResponse:
    """Clauses for a pasted command line, to choose from; a POST because scripts are long. Nothing is written."""
    draft, form = draft_or_404(request, pk), DescribeForm(request.POST)
    command = form.cleaned_data["command"] if form.is_valid() else ""
    proposed: dict[str, Any] = {
        "command": command,
        "described": described.read(command, draft.rule_content()),
        "complaints": [str(e) for e in form.errors.values()],
    }
    if not request.htmx:
        return draw.page(request, draft, BY_SLUG["behaviours"], **proposed)
    seen = {"draft": draft, "can_edit": allows(request.user, request.team, "author")}
    return render(request, "authoring/_proposals.html", {**seen, **proposed})


def _next(step: Step, then: str) -> str:
    """Where a save without JavaScript leads: on, back, or nowhere else."""
    before, after = neighbours(step)
    target = {"next": after, "back": before}.get(then)
    return (target or step).slug
