"""Runs over uploaded files: upload, watch, cancel, try again, keep examples, ask why."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from studio.accounts.permissions import allows, require, team_required
from studio.accounts.requests import TeamRequest
from studio.lab import runs, services
from studio.lab.bringing import known
from studio.lab.forms import LARGEST_CAPTURE, LARGEST_EVENTS, CaptureForm, KeepForm, UploadForm
from studio.lab.known_rules import KnownRule, known_rules
from studio.lab.models import LabRun
from studio.lab.packed import unpack
from studio.lab.results import sample
from studio.lab.why import why as explain
from studio.verdicts import falco

#: Bytes that a post may have beside its file.
BESIDE = 1024**2


@csrf_exempt  # the body is looked at only once its size is known; `_uploads` checks the token then
@team_required("viewer")
@require_http_methods(["GET", "HEAD", "POST"])
def uploads(request: TeamRequest) -> HttpResponse:
    """The team's runs, and a form to start one with a file of events."""
    if request.method != "POST":
        return _page(request, UploadForm(known=_known(request), initial={"rule": request.GET.get("rule", "")}))
    require(request.user, request.team, "author")
    if complaint := too_large(request, LARGEST_EVENTS):
        return _page(request, UploadForm(known=_known(request)), complaint, status=413)
    answer: HttpResponse = _uploads(request)
    return answer


@csrf_exempt  # as above
@team_required("viewer")
@require_http_methods(["GET", "HEAD", "POST"])
def captures(request: TeamRequest) -> HttpResponse:
    """Captures that the real Falco reads; without one the page says how to get it."""
    if request.method != "POST":
        return _page(request, CaptureForm(known=_known(request), initial={"rule": request.GET.get("rule", "")}))
    require(request.user, request.team, "author")
    if complaint := too_large(request, LARGEST_CAPTURE):
        return _page(request, CaptureForm(known=_known(request)), complaint, status=413)
    answer: HttpResponse = _captures(request)
    return answer


@csrf_protect
def _captures(request: TeamRequest) -> HttpResponse:
    form = CaptureForm(request.POST, request.FILES, known=_known(request))
    if falco.binary() is None:
        return _page(request, form, "This server has no Falco, so nobody can read a capture.", status=422)
    if not form.is_valid():
        return _page(request, form, status=422)
    run = runs.start(
        request.team, request.user, LabRun.Kind.CAPTURE, form.cleaned_data["upload"], known(request.team, form.rules)
    )
    return redirect(run)


@csrf_protect
def _uploads(request: TeamRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES, known=_known(request))
    if not form.is_valid():
        return _page(request, form, status=422)
    run = runs.start(
        request.team, request.user, LabRun.Kind.EVENTS, form.cleaned_data["upload"], known(request.team, form.rules)
    )
    return redirect(run)


def too_large(request: TeamRequest, largest: int) -> str:
    """Why the body is not even read, or nothing."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    return f"The file is larger than {largest // 1024**2} MiB. Split it." if size > largest + BESIDE else ""


@team_required("viewer")
@require_GET
def run(request: TeamRequest, pk: uuid.UUID) -> HttpResponse:
    """One run: its progress with numbers, then what came of it."""
    found = _run(request, pk)
    template = "lab/_run.html" if request.htmx and not request.htmx.boosted else "lab/run.html"
    return render(request, template, _context(request, found))


@team_required("author")
@require_POST
def cancel(request: TeamRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop it."""
    found = _run(request, pk)
    if not runs.cancel(found, request.user):
        messages.info(request, "It was over already.")
    return redirect(found)


@team_required("author")
@require_POST
def again(request: TeamRequest, pk: uuid.UUID) -> HttpResponse:
    """The same file with the rules as they are now."""
    found = _run(request, pk)
    if not found.has_file:
        messages.error(request, "The uploaded file is no longer kept. Upload it again.")
        return redirect(found)
    return redirect(runs.again(found, request.user, _known(request)))


@team_required("author")
@require_POST
def keep(request: TeamRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep chosen examples with the rule."""
    found, form = _run(request, pk), KeepForm(request.POST)
    places = request.POST.getlist("example")[:200]
    if not form.is_valid() or not places:
        messages.error(request, "Choose at least one example, and what the rule must do with it.")
        return redirect(found)
    try:
        kept = runs.keep(found, request.user, places, form.cleaned_data["expectation"])
    except services.TooManyEventsError as full:
        messages.error(request, str(full))
        return redirect(found)
    messages.success(request, f"{kept} event{'' if kept == 1 else 's'} kept with the rule.")
    return redirect(found)


@team_required("viewer")
@require_safe
def why(request: TeamRequest, pk: uuid.UUID, place: str) -> HttpResponse:
    """Why the rule fires on an example."""
    found = _run(request, pk)
    example = runs.example(found, place)
    if example is None:
        raise Http404("This run has no such example.")
    answer = explain(unpack(example["rule"]), sample(place, example["name"], example["fields"]))
    template = "lab/_why.html" if request.htmx else "lab/why.html"
    return render(request, template, {"run": found, "why": answer})


def _page(request: TeamRequest, form: UploadForm | CaptureForm, complaint: str = "", status: int = 200) -> HttpResponse:
    kind = LabRun.Kind.CAPTURE if isinstance(form, CaptureForm) else LabRun.Kind.EVENTS
    here = falco.binary() is not None if kind == LabRun.Kind.CAPTURE else False
    context = {
        "form": form,
        "complaint": complaint,
        "runs": runs.runs(request.team).filter(kind=kind)[: runs.KEPT_RUNS],
        "can_upload": allows(request.user, request.team, "author"),
        "largest": form.largest,
        "falco_here": here,
        "falco_version": falco.version() if here else "",
    }
    template = "lab/captures.html" if kind == LabRun.Kind.CAPTURE else "lab/uploads.html"
    return render(request, template, context, status=status)


def _context(request: TeamRequest, found: LabRun) -> dict[str, object]:
    return {
        "run": found,
        "can_edit": allows(request.user, request.team, "author"),
        "form": KeepForm(),
        "many": len(found.rules) > 1,
        "told": [_placed(number, one) for number, one in enumerate(found.result.get("rules", []))],
    }


def _placed(number: int, told: dict[str, Any]) -> dict[str, Any]:
    """What is told of a rule, each example with its place in addresses."""
    examples = [{**one, "place": f"{number}-{at}"} for at, one in enumerate(told.get("examples", []))]
    return {**told, "examples": examples}


def _known(request: TeamRequest) -> list[KnownRule]:
    return known_rules(request.team)


def _run(request: TeamRequest, pk: uuid.UUID) -> LabRun:
    return get_object_or_404(runs.runs(request.team).select_related("samples"), pk=pk)
