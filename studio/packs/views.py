"""Pages of exports: choose, watch, download."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.packs import queries, recovery, services
from studio.packs.forms import ExportForm
from studio.packs.models import ExportRun
from studio.stored import FileGoneError
from studio.ui.errors import gone


@team_required("viewer")
@require_GET
def runs(request: TeamRequest) -> HttpResponse:
    """The team's exports."""
    page = Paginator(queries.runs(request.team), 25).get_page(request.GET.get("page"))
    return render(request, "packs/list.html", {"page": page})


@team_required("author")
def start(request: TeamRequest) -> HttpResponse:
    """Choose drafts and a mode; a POST starts the run."""
    data = request.POST if request.method == "POST" else None
    form = ExportForm(data, team=request.team, initial={"draft": request.GET.getlist("draft")})
    if form.is_valid():
        run = services.start(request.team, request.user, form.drafts(), form.cleaned_data["mode"])
        return redirect(run)
    return render(request, "packs/start.html", {"form": form}, status=422 if form.is_bound else 200)


@team_required("viewer")
@require_GET
def run(request: TeamRequest, pk: uuid.UUID) -> HttpResponse:
    """One export: its progress, its file, or why there is none."""
    found = get_object_or_404(queries.runs(request.team), pk=pk)
    template = "packs/_run.html" if request.htmx and not request.htmx.boosted else "packs/run.html"
    text, words = _text(found)
    return render(request, template, {"run": found, "text": text, "gone": words})


@team_required("viewer")
@require_POST
def download(request: TeamRequest, pk: uuid.UUID) -> HttpResponse:
    """The file itself. A POST, because taking it is written in the journal."""
    found = get_object_or_404(queries.runs(request.team), pk=pk, state=ExportRun.State.DONE)
    try:
        data = services.handed_over(found, request.user)
    except FileGoneError as error:
        return gone(request, error)
    response = HttpResponse(data, content_type="application/yaml")
    response["Content-Disposition"] = f'attachment; filename="{found.filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _text(found: ExportRun) -> tuple[str, str]:
    """The file's text, or the sentence why it is not there any more."""
    if found.state != ExportRun.State.DONE:
        return "", ""
    try:
        return recovery.export_file(found).decode(), ""
    except FileGoneError as error:
        return "", str(error)
