"""Rule against rule: rules of the team, behaviours and pasted rules on the same events; one rule among the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.lab import rivals
from studio.lab.contest import ORDERS, contest
from studio.lab.known_rules import KnownRule, known_rules
from studio.lab.life import library_events, ordinary
from studio.lab.models import SampleEvent
from studio.lab.results import Sample, sample
from studio.lab.rule_text import RuleTextError


@team_required("viewer")
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: TeamRequest) -> HttpResponse:
    """Every rule with what it shares and what it is never heard on; `rule` names one to look at closely.

    A POST brings pasted rules, because they are long; nothing is written.
    """
    asked = rivals.Asked.of(request.POST if request.method == "POST" else request.GET)
    known = known_rules(request.team)
    if asked.rule and not any(one.key == asked.rule for one in known):
        raise Http404("There is no such rule in this team.")
    complaints: list[str] = []
    found, unknown = rivals.behaviours(request.team, request.user, asked.words)
    complaints += [f"There is no behaviour and no technique with behaviours called “{word[:60]}”." for word in unknown]
    try:
        found += rivals.pasted(request.team, asked.text)
    except RuleTextError as refused:
        complaints += refused.reasons
    told = contest(_ordered([*rivals.of_team(known, asked), *found], asked.order), _fields(asked.events, known))
    context = {
        "asked": asked,
        "complaints": complaints,
        "rule_choices": rivals.RULES,
        "event_choices": rivals.EVENTS,
        "orders": {key: words for key, (words, _) in ORDERS.items()},
        "contestants": told,
        "never_heard": [one for one in told if one.never_heard],
        "near": next((one for one in told if asked.rule and one.rule.key == asked.rule), None),
        "known": sorted(known, key=lambda one: one.name.casefold()),
    }
    page = "lab/_among.html" if request.GET.get("part") else "lab/rules.html"
    return render(request, page, context, status=422 if complaints else 200)


def _ordered(rules: Sequence[KnownRule], order: str) -> list[KnownRule]:
    return sorted(rules, key=ORDERS[order][1])


def _fields(which: str, known: Sequence[KnownRule]) -> list[Any]:
    return [one.fields for one in _events(which, known)]


def _events(which: str, known: Sequence[KnownRule]) -> Sequence[Sample]:
    if which == "life":
        return ordinary()
    if which == "attacks":
        return library_events()
    sets = {one.samples for one in known if one.samples}
    kept: Any = SampleEvent.objects.filter(set_id__in=sets)[:5000]
    return [sample(one.key, one.name, one.fields, one.expectation) for one in kept]
