"""Lists and pages to read: the team's behaviours, one version, its files."""

from __future__ import annotations

import difflib
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rules_export.archives.packing import Entry, zip_bytes
from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.behaviours.models import OPEN, OwnVersion, State
from studio.behaviours.own import looking, queries, writing
from studio.behaviours.own.permissions import NEEDS
from studio.behaviours.views import start_url

PER_PAGE = 50


def version_or_404(request: TeamRequest, pk: int) -> OwnVersion:
    """The team's version; another team's does not exist."""
    try:
        return queries.version(request.team, pk)
    except (OwnVersion.DoesNotExist, OverflowError) as error:
        raise Http404("There is no such behaviour in this team.") from error


@team_required(NEEDS["read"])
@require_safe
def index(request: TeamRequest) -> HttpResponse:
    """The team's behaviours, each by its newest version."""
    text = request.GET.get("q", "").replace("\x00", "")[:200].strip()
    state = request.GET.get("state", "")
    state = state if state in State.values else ""
    page = Paginator(queries.newest(request.team, text, state), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "text": text,
        "state": state,
        "states": State.choices,
        "any": bool(queries.slugs(request.team)),
        "can_write": allows(request.user, request.team, NEEDS["write"]),
    }
    return render(request, "behaviours/own/index.html", context)


@team_required(NEEDS["read"])
@require_safe
def detail(request: TeamRequest, pk: int) -> HttpResponse:
    """One version: what it says, what the checks say, where it stands, and what may be done."""
    return render(request, "behaviours/own/detail.html", context_of(request, version_or_404(request, pk)))


def context_of(request: TeamRequest, one: OwnVersion) -> dict[str, Any]:
    """All that the page of a version shows."""
    family = list(queries.family(one))
    decides = allows(request.user, request.team, NEEDS["decide"])
    wrote = one.editors.filter(pk=request.user.pk).exists()
    before = next((other for other in family if other.number < one.number), None)
    text = writing.to_yaml(one.record)
    newest = family[0]
    return {
        "version": one,
        "behaviour": queries.as_behaviour(one),
        "look": looking.look(one.record, looking.in_lines(lambda key, number: 0)),
        "text": text,
        "family": family,
        "before": before,
        "changes": _changes(writing.to_yaml(before.record), text) if before else [],
        "editors": one.editors.order_by("name"),
        "can_write": allows(request.user, request.team, NEEDS["write"]),
        "can_edit": one == newest and one.state != State.IN_REVIEW,
        "can_decide": decides and one.state == State.IN_REVIEW,
        "may_approve": decides and not wrote,
        "wrote": wrote,
        "able": queries.able_to_approve(one)[:5] if one.state == State.IN_REVIEW else [],
        "start_url": start_url(request) if one.state == State.APPROVED or (wrote and one.sound) else "",
        "can_retire": decides and one.state == State.APPROVED,
        "is_open": one.state in OPEN,
    }


@team_required(NEEDS["read"])
@require_safe
def file(request: TeamRequest, pk: int) -> HttpResponse:
    """One version as a file of the library's kind."""
    one = version_or_404(request, pk)
    return _download(writing.to_file([one.record]), f"{one.behaviour.slug}.yaml", "application/yaml")


@team_required(NEEDS["read"])
@require_safe
def export(request: TeamRequest) -> HttpResponse:
    """All of the team's, the approved version of each or else the newest: a zip of files, or one file (`as=yaml`)."""
    chosen = {one.behaviour.slug: one for one in queries.newest(request.team)}
    chosen |= {one.behaviour.slug: one for one in queries.approved(request.team)}
    rows = [chosen[slug] for slug in sorted(chosen)]
    if request.GET.get("as") == "yaml":
        return _download(writing.to_file(one.record for one in rows) or "[]\n", "behaviours.yaml", "application/yaml")
    entries = [Entry(f"{one.behaviour.slug}.yaml", writing.to_file([one.record]).encode()) for one in rows]
    return _download(zip_bytes(entries), "behaviours.zip", "application/zip")


def _download(content: str | bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _changes(old: str, new: str) -> list[tuple[str, str]]:
    """(added, removed or same, line) of what differs, with two lines around it."""
    kinds = {"+": "added", "-": "removed", "@": "gap"}
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    return [(kinds.get(line[:1], "same"), line[1:]) for line in list(lines)[2:]]
