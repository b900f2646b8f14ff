"""Why a draft's rule does what it does with one event."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.authoring import samples
from studio.authoring.content import to_rule
from studio.authoring.views.guards import draft_or_404
from studio.lab import why as lab


@team_required("viewer")
@require_safe
def why(request: TeamRequest, pk: int, key: str) -> HttpResponse:
    """Every part of the rule with its answer for the event, and the smallest change that turns it."""
    draft = draft_or_404(request, pk)
    content = draft.rule_content()
    found = samples.find(content, draft.samples_id, key)
    if found is None:
        raise Http404("This draft has no such event. Its behaviour may have been dropped.")
    context = {"draft": draft, "why": lab.why(to_rule(content), found)}
    return render(request, "lab/_why.html" if request.htmx else "authoring/why.html", context)
