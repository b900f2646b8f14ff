"""Pages of exports: choose, watch, download."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.packs import queries, services
from studio.packs.forms import ExportForm
from studio.packs.models import ExportRun


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
    return render(request, template, {"run": found, "text": _text(found)})


@team_required("viewer")
@require_POST
def download(request: TeamRequest, pk: uuid.UUID) -> HttpResponse:
    """The file itself. A POST, because taking it is written in the journal."""
    found = get_object_or_404(queries.runs(request.team), pk=pk, state=ExportRun.State.DONE)
    response = HttpResponse(services.handed_over(found, request.user), content_type="application/yaml")
    response["Content-Disposition"] = f'attachment; filename="{found.filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _text(found: ExportRun) -> str:
    if found.state != ExportRun.State.DONE or not found.path.is_file():
        return ""
    return found.path.read_text(encoding="utf-8")
