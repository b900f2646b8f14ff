"""The list of reviews."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from studio.accounts.permissions import allows, team_required
from studio.accounts.queries import members
from studio.accounts.requests import TeamRequest
from studio.attack.models import Tactic
from studio.review import assigning, expiring
from studio.review.authorship import reviewers
from studio.review.forms import AssignmentForm
from studio.review.models import Assigning
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
        "people": [one.user for one in members(request.team)],
        "due": expiring.due(request.team),
        "may_organise": allows(request.user, request.team, NEEDS["organise"]),
        "page": Paginator(queues.rows(asked), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "review/list.html", context)


@team_required(NEEDS["organise"])
@require_http_methods(["GET", "POST"])
def assignment(request: TeamRequest) -> HttpResponse:
    """How the team asks for reviews, and who looks after which tactic."""
    owners = {f"tactic-{tactic}": people[0].pk for tactic, people in assigning.owners(request.team).items()}
    form = AssignmentForm(
        request.POST or None,
        initial={"how": assigning.policy(request.team), **owners},
        tactics=Tactic.objects.order_by("position"),
        able=reviewers(request.team),
    )
    if request.method == "POST" and form.is_valid():
        assigning.settle(request.team, request.user, Assigning(form.cleaned_data["how"]), form.owners())
        messages.success(request, "Saved who is asked to review.")
        return redirect("review:assignment")
    return render(request, "review/assignment.html", {"form": form}, status=422 if form.errors else 200)
