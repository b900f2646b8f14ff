"""Write a behaviour: begin, change, see at once what the checks say, save."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.behaviours import describe
from studio.behaviours.loader import REFUSALS
from studio.behaviours.models import PREFIX, OwnVersion, State
from studio.behaviours.own import copying, entering, queries, services
from studio.behaviours.own.entering import Entered
from studio.behaviours.own.permissions import NEEDS
from studio.behaviours.own.views.pages import version_or_404
from studio.behaviours.shell import LONGEST_TEXT


@team_required(NEEDS["write"])
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: TeamRequest) -> HttpResponse:
    """A new behaviour: from nothing, from another (`copy`), or from a proposal of "describe your own"."""
    if request.method != "POST":
        return _page(request, None, _begun(request))
    if request.POST.get("action") == "propose":
        return _page(request, None, _of_proposal(request))
    return _worked(request, None)


@team_required(NEEDS["write"])
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: TeamRequest, pk: int) -> HttpResponse:
    """Change a draft, or write the next version of one that is decided."""
    one = version_or_404(request, pk)
    if one.state == State.IN_REVIEW:
        messages.warning(request, f"{one} is in review. Withdraw it first, then change it.")
        return redirect(one)
    if request.method != "POST":
        view = entering.YAML if request.GET.get("view") == entering.YAML else entering.FORM
        return _page(request, one, entering.of_record(one.record, view))
    return _worked(request, one)


@team_required(NEEDS["write"])
@require_POST
def check(request: TeamRequest) -> HttpResponse:
    """What the checks say of what was entered; nothing is written."""
    entered = entering.posted(request.POST)
    return render(request, "behaviours/own/_checks.html", {"look": entered.look})


def _worked(request: TeamRequest, one: OwnVersion | None) -> HttpResponse:
    """A post of the page: another row, the other view, or saved."""
    entered, action = entering.posted(request.POST), request.POST.get("action", "save")
    verb, _, rest = action.partition(":")
    if verb in ("add", "drop"):
        return _page(request, one, entered, row=rest if verb == "add" else "")
    if verb == "view":
        return _page(request, one, entering.turned(entered, rest))
    if entered.record is None:
        return _page(request, one, entered, status=422)
    try:
        if one is None:
            saved = services.create(request.team, request.user, entered.record)
        else:
            edition = number(request.POST.get("edition", ""))
            saved = services.save(one.pk, request.team, request.user, edition, entered.record)
    except services.StaleError as stale:
        return _page(request, stale.theirs, entered, status=409, refused=str(stale), stale=stale.theirs)
    except services.RefusedError as refusal:
        return _page(request, one, entered, status=422, refused=str(refusal))
    messages.success(request, f"Saved {saved}.")
    return redirect(saved)


def _page(
    request: TeamRequest, one: OwnVersion | None, entered: Entered, *, status: int = 200, **extra: Any
) -> HttpResponse:
    context = {"version": one, "entered": entered, "look": entered.look, **extra}
    template = "behaviours/own/edit.html"
    return render(request, template, context, status=status)


def _begun(request: TeamRequest) -> Entered:
    """What a new one begins with."""
    copied = request.GET.get("copy", "")[:100]
    if not copied:
        technique = request.GET.get("technique", "").strip().upper()[:12]
        return entering.blank(technique)
    taken = queries.slugs(request.team)
    if queries.is_reference(copied):
        ours = version_or_404(request, int(copied[len(PREFIX) :]))
        return entering.of_record(copying.adapted(ours.record, taken))
    try:
        return entering.of_record(copying.adapted(copying.of_library(copied), taken))
    except KeyError:
        raise Http404(f"There is no behaviour called {copied[:60]}.") from None


def _of_proposal(request: TeamRequest) -> Entered:
    """The proposal that was pressed, made from the text anew."""
    text, clause = request.POST.get("text", "")[:LONGEST_TEXT], request.POST.get("clause", "")
    technique = request.POST.get("technique", "").strip().upper()[:12]
    found = next((one for one in describe.read(text).proposals if one.clause == clause), None)
    if found is None:
        messages.error(request, "The text gives no such clause any more. Describe it again.")
        return entering.blank(technique)
    taken = queries.slugs(request.team)
    try:
        return entering.of_record(copying.of_proposal(found, technique, taken))
    except REFUSALS:
        messages.error(request, "The event of this proposal can't be written as one of a behaviour.")
        return entering.blank(technique)


def number(text: str) -> int:
    """A number that a form sent along; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
