"""The events that a person keeps with a draft: pasted, made by form, taken from behaviours; named and expected."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.permissions import allows, require, team_required
from studio.accounts.requests import TeamRequest
from studio.authoring import borrowed
from studio.authoring.forms.borrowing import BorrowForm
from studio.authoring.models import Draft
from studio.authoring.views.guards import draft_or_404
from studio.lab import services as lab
from studio.lab.event_form import MakeEventForm
from studio.lab.events import ParsedEvent
from studio.lab.forms import EventForm, PasteForm
from studio.lab.models import SampleEvent


@team_required("viewer")
@require_http_methods(["GET", "HEAD", "POST"])
def events(request: TeamRequest, pk: int) -> HttpResponse:
    """The kept events, and a place to paste more; bad lines come back with their numbers."""
    draft = draft_or_404(request, pk)
    form = PasteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request.user, request.team, "author")
        if form.is_valid():
            try:
                kept = lab.add(draft.samples, request.user, form.paste.events, form.cleaned_data["expectation"])
            except lab.TooManyEventsError as error:
                form.add_error("lines", str(error))
            else:
                if not form.paste.bad:
                    return _kept(request, draft, len(kept))
                form = form.with_bad_lines(len(kept))
    context = {
        "draft": draft,
        "form": form,
        "events": draft.samples.events.all(),
        "can_edit": allows(request.user, request.team, "author"),
    }
    return render(request, "authoring/events.html", context, status=422 if form.is_bound else 200)


@team_required("author")
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: TeamRequest, pk: int) -> HttpResponse:
    """One event by form; its fields follow from the type that is chosen."""
    draft = draft_or_404(request, pk)
    form = MakeEventForm(request.POST) if request.method == "POST" else MakeEventForm(asked=request.GET)
    if form.is_bound and form.is_valid() and form.made:
        complaint = _add(request, draft, [form.made], form.cleaned_data["expectation"])
        if not complaint:
            return _kept(request, draft, 1)
        form.add_error(None, complaint)
    return render(
        request, "authoring/make_event.html", {"draft": draft, "form": form}, status=422 if form.is_bound else 200
    )


@team_required("author")
@require_http_methods(["GET", "HEAD", "POST"])
def of_behaviours(request: TeamRequest, pk: int) -> HttpResponse:
    """Events of any behaviour of the library, to keep with the draft."""
    draft = draft_or_404(request, pk)
    text = request.GET.get("q", " ".join(draft.rule_content().techniques[:1]))[:200]
    form = BorrowForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        kept = 0
        for expectation, found in form.chosen.items():
            if complaint := _add(request, draft, found, expectation):
                form.add_error(None, complaint)
                break
            kept += len(found)
        else:
            return _kept(request, draft, kept)
    context = {"draft": draft, "form": form, "asked": text, "found": borrowed.search(text)}
    return render(request, "authoring/behaviour_events.html", context, status=422 if form.is_bound else 200)


@team_required("author")
@require_POST
def event(request: TeamRequest, pk: int, event: int) -> HttpResponse:
    """Change what is expected of one event, its name, or forget it."""
    draft = draft_or_404(request, pk)
    form = EventForm(request.POST)
    if not form.is_valid():
        if "do" in form.errors:
            raise Http404("This cannot be done with an event.")
        messages.error(request, " ".join(str(one) for found in form.errors.values() for one in found))
        return redirect("authoring:events", draft.pk)
    do = form.cleaned_data["do"]
    try:
        if do == "remove":
            lab.remove(draft.samples, request.user, event)
        elif do == "rename":
            lab.rename(draft.samples, request.user, event, form.cleaned_data["name"])
        else:
            lab.expect(draft.samples, request.user, event, do)
    except (SampleEvent.DoesNotExist, OverflowError) as error:
        raise Http404("This draft has no such event.") from error
    return redirect("authoring:events", draft.pk)


def _add(request: TeamRequest, draft: Draft, found: Iterable[ParsedEvent], expectation: str) -> str:
    """Keep events; why not, or nothing."""
    try:
        lab.add(draft.samples, request.user, found, expectation)
    except lab.TooManyEventsError as error:
        return str(error)
    return ""


def _kept(request: TeamRequest, draft: Draft, count: int) -> HttpResponse:
    messages.success(request, f"{count} event{'' if count == 1 else 's'} kept with the draft.")
    return redirect("authoring:events", draft.pk)
