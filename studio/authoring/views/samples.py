"""The events that a person keeps with a draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.permissions import allows, require, team_required
from studio.accounts.requests import TeamRequest
from studio.authoring.views.guards import draft_or_404
from studio.lab import services as lab
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
                    messages.success(request, f"{len(kept)} event{'' if len(kept) == 1 else 's'} kept with the draft.")
                    return redirect("authoring:events", draft.pk)
                form = form.with_bad_lines(len(kept))
    context = {
        "draft": draft,
        "form": form,
        "events": draft.samples.events.all(),
        "can_edit": allows(request.user, request.team, "author"),
    }
    return render(request, "authoring/events.html", context, status=422 if form.is_bound else 200)


@team_required("author")
@require_POST
def event(request: TeamRequest, pk: int, event: int) -> HttpResponse:
    """Change what is expected of one event, or forget it."""
    draft = draft_or_404(request, pk)
    form = EventForm(request.POST)
    if not form.is_valid():
        raise Http404("This cannot be done with an event.")
    try:
        if form.cleaned_data["do"] == "remove":
            lab.remove(draft.samples, request.user, event)
        else:
            lab.expect(draft.samples, request.user, event, form.cleaned_data["do"])
    except (SampleEvent.DoesNotExist, OverflowError) as error:
        raise Http404("This draft has no such event.") from error
    return redirect("authoring:events", draft.pk)
