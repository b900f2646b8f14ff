"""The page of a revision: what it is, what changed, and what is said and decided about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from studio.accounts.permissions import allows, team_required
from studio.accounts.queries import members
from studio.accounts.requests import TeamRequest
from studio.attack import queries as attack
from studio.authoring import emulating, samples
from studio.authoring import services as authoring
from studio.authoring.content import to_rule
from studio.authoring.views.emulating import file
from studio.lab import why as lab
from studio.review import decisions, facts, freezing, lines, meaning, queries, spots
from studio.review.authorship import able_to_approve
from studio.review.behaviour import Behaviour, compare, outcomes
from studio.review.headline import headline
from studio.review.lifecycle import OPEN, WITHDRAW, State
from studio.review.models import Revision
from studio.review.permissions import NEEDS
from studio.review.views.guards import revision_or_404

#: Tab → its words.
TABS = {"meaning": "Meaning", "yaml": "YAML", "behaviour": "Behaviour", "history": "History"}


@team_required(NEEDS["read"])
@require_GET
def revision(request: TeamRequest, pk: int) -> HttpResponse:
    """One revision in one of four views, compared with the last approved one or with the one that `base` numbers."""
    found = revision_or_404(request, pk)
    family = list(queries.family(found).prefetch_related("decisions__by"))
    base = _base(found, family, request.GET.get("base", ""))
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "meaning"
    old = base.rule_content() if base else None
    changed = compare(old, found.rule_content(), found.draft.samples_id)
    context = {
        "revision": found,
        "content": found.rule_content(),
        "released": facts.of([found.pk]).get(found.pk, []),
        "techniques": attack.techniques(found.rule_content().techniques),
        "in_words": meaning.in_words(found.rule_content()),
        "base": base,
        "bases": [one for one in family if one.pk != found.pk],
        "headline": headline(old, found, changed),
        "tabs": TABS,
        "tab": tab,
        "family": family,
        "behaviour": changed,
        **_talk(request, found),
        **_people(request, found),
        **_TAB[tab](found, base, changed),
    }
    return render(request, "review/revision.html", context)


@team_required(NEEDS["read"])
@require_safe
def emulation(request: TeamRequest, pk: int) -> HttpResponse:
    """The script that plays the revision's behaviours without harm."""
    found = revision_or_404(request, pk)
    content = found.rule_content()
    if not (text := emulating.emulation(content)):
        messages.info(request, "This rule was written without behaviours, so there is nothing to play.")
        return redirect(found)
    return file(text, f"{emulating.file_name(content)}-emulate.sh", "text/x-shellscript")


@team_required(NEEDS["read"])
@require_safe
def suite(request: TeamRequest, pk: int) -> HttpResponse:
    """The revision's attack events as a suite for Falco's event-generator."""
    found = revision_or_404(request, pk)
    content = found.rule_content()
    text = emulating.event_generator(content, samples.kept(content, found.draft.samples_id))
    return file(text, f"{emulating.file_name(content)}-event-generator.yaml", "application/yaml")


@team_required(NEEDS["read"])
@require_safe
def why(request: TeamRequest, pk: int, key: str) -> HttpResponse:
    """Why the revision does what it does with one event."""
    found = revision_or_404(request, pk)
    sample = samples.find(found.rule_content(), found.draft.samples_id, key)
    if sample is None:
        raise Http404("This revision has no such event.")
    context = {"revision": found, "why": lab.why(to_rule(found.rule_content()), sample)}
    return render(request, "lab/_why.html" if request.htmx else "review/why.html", context)


@team_required(NEEDS["begin a draft"])
@require_POST
def new_draft(request: TeamRequest, pk: int) -> HttpResponse:
    """A new draft that begins with exactly what was handed in."""
    found = revision_or_404(request, pk)
    label, source = f"Begin with {found}", found.draft
    draft = authoring.begin_with(request.team, request.user, found.rule_content(), label, source)
    messages.success(request, f"This is a new draft with the content of {found}.")
    return redirect("authoring:step", draft.pk, "details")


def _people(request: TeamRequest, found: Revision) -> dict[str, Any]:
    """What the person who looks may do."""
    author = allows(request.user, request.team, NEEDS["comment"])
    return {
        "standing": decisions.standing(found, request.user),
        "decisions": found.decisions.select_related("by"),
        "lapsed": found.decisions.filter(decisions.lapsed(found.team)) if found.state == State.IN_REVIEW else (),
        "draft_differs": not freezing.same_text(found.draft, found),
        "changed_definitions": freezing.changed(found),
        "own_behaviours": freezing.shown_behaviours(found),
        "can_write": author,
        "asked": list(found.reviewers.order_by("name")),
        "able": able_to_approve(found) if author and State(found.state) in OPEN else [],
        "can_withdraw": State(found.state) in WITHDRAW.start and author,
    }


def _talk(request: TeamRequest, found: Revision) -> dict[str, Any]:
    """The threads by place, those still open in other revisions, and the line that a comment is about to hang on."""
    line, spot = request.GET.get("line", ""), request.GET.get("spot", "")[:400]
    return {
        "threads": queries.threads(found),
        "members": [one.user for one in members(request.team)],
        "open_elsewhere": queries.open_elsewhere(found),
        "asked_spot": spot,
        "asked_line": int(line) if line.isascii() and line.isdigit() and len(line) < 7 else None,
    }


def _base(found: Revision, family: list[Revision], asked: str) -> Revision | None:
    """What to compare with: the number that was asked for (0 for nothing), else the last approved one before."""
    if asked.isascii() and asked.isdigit():
        return next((one for one in family if str(one.number) == asked and one.pk != found.pk), None)
    before = [one for one in family if one.number < found.number and one.approved_at]
    return before[0] if before else None


def _meaning(found: Revision, base: Revision | None, changed: Behaviour) -> dict[str, Any]:
    content = found.rule_content()
    return {
        "parts": meaning.parts(base.rule_content() if base else None, content),
        "output_fields": meaning.output_fields(content),
        "clauses": spots.clauses(content),
        "tables": [
            (one, list(zip(one.rows, spots.rows_of(at, one), strict=True))) for at, one in enumerate(content.exceptions)
        ],
    }


def _yaml(found: Revision, base: Revision | None, changed: Behaviour) -> dict[str, Any]:
    return {"lines": lines.diff(base.yaml if base else "", found.yaml)}


def _behaviour(found: Revision, base: Revision | None, changed: Behaviour) -> dict[str, Any]:
    return {"outcomes": outcomes(found.rule_content(), found.draft.samples_id)}


def _nothing(found: Revision, base: Revision | None, changed: Behaviour) -> dict[str, Any]:
    return {}


_TAB: Mapping[str, Callable[[Revision, Revision | None, Behaviour], dict[str, Any]]] = {
    "meaning": _meaning,
    "yaml": _yaml,
    "behaviour": _behaviour,
    "history": _nothing,
}
