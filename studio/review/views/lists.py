"""The list of reviews."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.review import expiring
from studio.review.permissions import NEEDS
from studio.review.queues import Asked, Queues

#: Revisions on one page of the list.
PER_PAGE = 25


@team_required(NEEDS["read"])
@require_GET
def index(request: TeamRequest) -> HttpResponse:
    """The team's revisions in one of the queues."""
    asked, queues = Asked.of(request.GET), Queues(request.team, request.user)
    context = {
        "asked": asked,
        "tabs": queues.tabs(asked),
        "states": queues.states(asked),
        "due": expiring.due(request.team),
        "page": Paginator(queues.rows(asked), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "review/list.html", context)
