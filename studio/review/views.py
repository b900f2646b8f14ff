"""Pages of reviews: hand in, the list, a revision as it was handed in, withdraw."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.authoring.models import Draft
from studio.review import queries, services
from studio.review.forms import HandInForm
from studio.review.models import Revision, State


@team_required("viewer")
@require_GET
def index(request: TeamRequest) -> HttpResponse:
    """The team's revisions, by state."""
    state = request.GET.get("state", State.IN_REVIEW)
    chips = [(value, label, queries.revisions(request.team, value).count()) for value, label in State.choices]
    chips.append(("all", "All", queries.revisions(request.team).count()))
    page = Paginator(queries.revisions(request.team, state), 25).get_page(request.GET.get("page"))
    return render(request, "review/list.html", {"page": page, "chips": chips, "state": state})


@team_required("author")
@require_POST
def hand_in(request: TeamRequest, pk: int) -> HttpResponse:
    """Hand a draft in; where it cannot be, back to the check with the reasons."""
    form = HandInForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The page was out of date. Look at the draft again, then hand it in.")
        return redirect("authoring:step", pk, "check")
    try:
        revision = services.hand_in(
            pk, request.team, request.user, form.cleaned_data["version"], form.cleaned_data["note"]
        )
    except (Draft.DoesNotExist, OverflowError) as error:
        raise Http404("There is no such draft in this team.") from error
    except services.NotReadyError as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
        return redirect("authoring:step", pk, "check")
    return redirect(revision)


@team_required("viewer")
@require_GET
def revision(request: TeamRequest, pk: int) -> HttpResponse:
    """One revision: what was handed in, by whom, and what the checks said."""
    found = _revision_or_404(request, pk)
    context = {
        "revision": found,
        "content": found.rule_content(),
        "others": queries.others(found),
        "can_withdraw": found.state == State.IN_REVIEW and allows(request.user, request.team, "author"),
    }
    return render(request, "review/revision.html", context)


@team_required("author")
@require_POST
def withdraw(request: TeamRequest, pk: int) -> HttpResponse:
    """Take a revision out of review."""
    found = _revision_or_404(request, pk)
    try:
        services.withdraw(found.pk, request.team, request.user)
    except services.WrongStateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{found} is withdrawn. The draft is as you left it.")
    return redirect(found)


def _revision_or_404(request: TeamRequest, pk: int) -> Revision:
    try:
        return queries.revision(request.team, pk)
    except (Revision.DoesNotExist, OverflowError) as error:
        raise Http404("There is no such revision in this team.") from error
