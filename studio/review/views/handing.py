"""Hand in, withdraw, decide: the posts that move a revision."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.authoring.models import Draft
from studio.review import decisions, services
from studio.review.authorship import able_to_approve
from studio.review.forms import DecisionForm, HandInForm, ReviewersForm
from studio.review.lifecycle import State
from studio.review.models import Verdict
from studio.review.permissions import NEEDS
from studio.review.views.guards import complain, revision_or_404, told
from studio.ui.answers import sent_to


@team_required(NEEDS["hand in"])
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


@team_required(NEEDS["withdraw"])
@require_POST
def withdraw(request: TeamRequest, pk: int) -> HttpResponse:
    """Take a revision out of review."""
    found = revision_or_404(request, pk)
    with told(request):
        services.withdraw(found.pk, request.team, request.user)
        messages.success(request, f"{found} is withdrawn. The draft is as you left it.")
    return sent_to(request, found)


@team_required(NEEDS["assign"])
@require_POST
def assign(request: TeamRequest, pk: int) -> HttpResponse:
    """Choose who is asked to review."""
    found = revision_or_404(request, pk)
    form = ReviewersForm(request.POST, able=able_to_approve(found))
    if not form.is_valid():
        complain(request, form)
        return sent_to(request, found)
    with told(request):
        services.assign(found.pk, request.team, request.user, form.cleaned_data["reviewers"])
        messages.success(request, "Saved who is asked to review.")
    return sent_to(request, found)


@team_required(NEEDS["decide"])
@require_POST
def decide(request: TeamRequest, pk: int) -> HttpResponse:
    """Approve or request changes, about the content that the page showed."""
    found = revision_or_404(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        complain(request, form)
        return sent_to(request, found)
    with told(request):
        messages.success(request, _decide(request, found.pk, form))
    return sent_to(request, found)


def _decide(request: TeamRequest, pk: int, form: DecisionForm) -> str:
    """Carry the decision out; what to say of it."""
    data = form.cleaned_data
    who = (pk, request.team, request.user, data["seen"])
    if data["verdict"] == Verdict.CHANGES:
        return f"{decisions.request_changes(*who, data['note'])} goes back to its author with your note."
    revision = decisions.approve(*who, data["note"], data["override"])
    if revision.state == State.APPROVED:
        return f"{revision} is approved."
    missing = revision.required - decisions.approvals(revision)
    return f"Your approval counts. {missing} more {'is' if missing == 1 else 'are'} needed."
