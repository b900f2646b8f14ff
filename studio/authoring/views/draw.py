"""How the wizard answers: the page of a step, the parts that follow from a change, a refusal, a conflict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from studio.accounts.permissions import allows
from studio.accounts.requests import TeamRequest
from studio.authoring import pages, presence, queries
from studio.authoring.examination import examine
from studio.authoring.forms.base import ChangeForm, Redraw
from studio.authoring.merging import Side
from studio.authoring.models import Draft
from studio.authoring.pages.subject import Subject
from studio.authoring.services import StaleDraftError
from studio.authoring.steps import Step, neighbours, progress
from studio.authoring.targets import left_behind
from studio.lints import queries as lints

#: Steps of which a part follows from what is typed, without drawing the whole step anew.
LIVE = ("condition", "exceptions", "output", "details")
PANELS = ("yaml", "findings", "fires")
PANEL_COOKIE = "mews_panel"
VIEWS = ("visual", "text")
VIEW_COOKIE = "mews_view"
HOWS = ("chips", "text")
HOW_COOKIE = "mews_output"


def context(
    request: TeamRequest, draft: Draft, step: Step, asked: Mapping[str, str] | None = None, **extra: Any
) -> dict[str, Any]:
    """All that a step's page shows. `asked`: what the address would ask for after a change."""
    content = extra.pop("typed", None) or draft.rule_content()
    exam = examine(content, draft.samples_id, lints.off(draft.team_id))
    before, after = neighbours(step)
    base = {
        "draft": draft,
        "content": content,
        "exam": exam,
        "step": step,
        "before": before,
        "after": after,
        "progress": progress(content, exam.findings, step.slug, exam.ready),
        "stage": f"authoring/stages/_{step.slug}.html",
        "live": f"authoring/live/_{step.slug}.html" if step.slug in LIVE else "",
        "panel": panel(request),
        "left_behind": left_behind(draft.team_id, exam.needs),
        "can_edit": allows(request.user, request.team, "author"),
        "can_undo": queries.can_undo(draft),
        "can_redo": queries.can_redo(draft),
    }
    query = {**request.GET.dict(), **remembered(request), **(asked or {})}
    return {**base, **pages.context(step.slug, Subject(draft, content, exam, query, request.user)), **extra}


def page(request: TeamRequest, draft: Draft, step: Step, *, status: int = 200, **extra: Any) -> HttpResponse:
    """The whole page of a step."""
    extra["others"] = presence.others(draft, request.user)
    response = render(request, "authoring/wizard.html", context(request, draft, step, **extra), status=status)
    for name, known, cookie in _REMEMBERED:
        if request.GET.get(name) in known:
            response.set_cookie(cookie, request.GET[name], samesite="Lax", secure=request.is_secure())
    return response


def saved(
    request: TeamRequest, draft: Draft, step: Step, redraw: Redraw, asked: Mapping[str, str] | None = None
) -> HttpResponse:
    """What follows from a change, out of band: progress, side panel, saved time, and the part of the step to redraw."""
    data = context(request, draft, step, asked, redraw=redraw.value, named=request.POST.get("behaviour", ""))
    response = render(request, "authoring/_saved.html", data)
    told = {"version": draft.version, "undo": data["can_undo"], "redo": data["can_redo"]}
    response["HX-Trigger"] = json.dumps({"draft:saved": told})
    return response


def refused(request: TeamRequest, draft: Draft, step: Step, form: ChangeForm) -> HttpResponse:
    """A post that cannot be taken: the reason beside the saved time, or the page with what was typed."""
    if request.htmx:
        return render(request, "authoring/_refused.html", {"complaints": form.complaints()}, status=422)
    own = {"form": form} if form.fields.keys() - {"version", "argument"} else {}
    typed = form.as_typed(draft.rule_content())
    return page(request, draft, step, status=422, complaints=form.complaints(), typed=typed, **own)


def conflict(request: TeamRequest, step: Step, stale: StaleDraftError) -> HttpResponse:
    """Both versions, side by side: what only one of us changed is merged, and what both did is chosen."""
    parts = stale.versions.parts()
    data = {
        "draft": stale.draft,
        "step": step,
        "parts": parts,
        "colliding": sum(part.collides for part in parts),
        "mergeable": stale.mergeable and any(part.changed_by != Side.THEIRS for part in parts),
        "seen": request.POST.get("merge-seen") or request.POST.get("version", ""),
        "last": stale.draft.snapshots.filter(number=stale.draft.position).select_related("author").first(),
        "posted": [(key, value) for key, values in request.POST.lists() for value in values if _original(key)],
    }
    response = render(
        request, "authoring/_conflict.html" if request.htmx else "authoring/conflict.html", data, status=409
    )
    if request.htmx:
        response["HX-Retarget"], response["HX-Reswap"] = "#stage", "outerHTML"
    return response


def remembered(request: TeamRequest) -> dict[str, str]:
    """How condition and output are edited: as the address says, else as they were last."""
    found = {}
    for name, known, cookie in _REMEMBERED[1:]:
        asked = [request.GET.get(name), request.POST.get(name), request.COOKIES.get(cookie), known[0]]
        found[name] = next(one for one in asked if one in known)
    return found


def panel(request: TeamRequest) -> str:
    """The tab of the side panel: as the address says, else as it was last."""
    asked = [request.GET.get("panel"), request.COOKIES.get(PANEL_COOKIE), PANELS[0]]
    return next(one for one in asked if one in PANELS)


def _original(key: str) -> bool:
    """Whether a posted field belongs to the change itself, not to the page around it."""
    return key not in {"version", "csrfmiddlewaretoken"} and not key.startswith("merge-")


_REMEMBERED = (("panel", PANELS, PANEL_COOKIE), ("view", VIEWS, VIEW_COOKIE), ("how", HOWS, HOW_COOKIE))
