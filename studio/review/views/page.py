"""The page of a revision."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.review import decisions, queries
from studio.review.lifecycle import WITHDRAW, State
from studio.review.services import content_hash
from studio.review.views.guards import revision_or_404


@team_required("viewer")
@require_GET
def revision(request: TeamRequest, pk: int) -> HttpResponse:
    """One revision: what was handed in, by whom, what the checks said, and what was decided."""
    found = revision_or_404(request, pk)
    context = {
        "revision": found,
        "content": found.rule_content(),
        "others": queries.others(found),
        "standing": decisions.standing(found, request.user),
        "decisions": found.decisions.select_related("by"),
        "draft_differs": content_hash(found.draft.content) != found.content_hash,
        "can_withdraw": State(found.state) in WITHDRAW.start and allows(request.user, request.team, "author"),
    }
    return render(request, "review/revision.html", context)
