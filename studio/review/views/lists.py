"""The list of reviews."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.review import queries
from studio.review.lifecycle import State
from studio.review.permissions import NEEDS


@team_required(NEEDS["read"])
@require_GET
def index(request: TeamRequest) -> HttpResponse:
    """The team's revisions, by state."""
    state = request.GET.get("state", State.IN_REVIEW)
    chips = [(value, label, queries.revisions(request.team, value).count()) for value, label in State.choices]
    chips.append(("all", "All", queries.revisions(request.team).count()))
    page = Paginator(queries.revisions(request.team, state), 25).get_page(request.GET.get("page"))
    return render(request, "review/list.html", {"page": page, "chips": chips, "state": state})
