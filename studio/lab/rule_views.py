"""Rule against rule: the team's rules on the same events, and one rule among the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.lab.contest import ORDERS, Contestant, contest
from studio.lab.known_rules import APPROVED, KnownRule, known_rules
from studio.lab.life import library_events, ordinary
from studio.lab.models import SampleEvent
from studio.lab.results import Sample, sample

#: Which rules and which events can be asked for, in words.
RULES = {"approved": "Approved rules", "all": "Approved rules and drafts"}
EVENTS = {"attacks": "Attack events of the library", "life": "A day of ordinary life", "kept": "Events kept with rules"}


@team_required("viewer")
@require_safe
def rules(request: TeamRequest) -> HttpResponse:
    """Every rule with what it shares and what it is never heard on; `rule` names one to look at closely."""
    asked = _asked(request)
    known = _chosen(known_rules(request.team), asked)
    focus = next((one for one in known if one.key == asked["rule"]), None)
    if asked["rule"] and focus is None:
        raise Http404("There is no such rule in this team.")
    found = contest(known, [one.fields for one in _events(asked["events"], known)])
    near = next((one for one in found if focus and one.rule.key == focus.key), None)
    context = {
        "asked": asked,
        "rule_choices": RULES,
        "event_choices": EVENTS,
        "orders": {key: words for key, (words, _) in ORDERS.items()},
        "contestants": found,
        "never_heard": [one for one in found if one.never_heard],
        "near": near,
        "known": sorted(known, key=lambda one: one.name.casefold()),
    }
    return render(request, "lab/_among.html" if request.GET.get("part") else "lab/rules.html", context)


def _asked(request: TeamRequest) -> dict[str, str]:
    """What the address asks for, each by its default where it says nothing known."""
    rule = request.GET.get("rule", "")
    which, events, order = (request.GET.get(name, "") for name in ("which", "events", "order"))
    return {
        "rule": rule,
        "which": which if which in RULES else "approved",
        "events": events if events in EVENTS else "attacks",
        "order": order if order in ORDERS else "name",
    }


def _chosen(known: Sequence[KnownRule], asked: dict[str, str]) -> list[KnownRule]:
    """The rules that were asked for. A draft stands for itself and not beside what was approved of it."""
    focus = next((one for one in known if one.key == asked["rule"]), None)
    found = [one for one in known if asked["which"] == "all" or one.kind == APPROVED or one is focus]
    if focus:
        found = [one for one in found if one is focus or one.samples is None or one.samples != focus.samples]
    elif asked["which"] == "all":
        approved = {one.samples for one in found if one.kind == APPROVED}
        found = [one for one in found if one.kind == APPROVED or one.samples not in approved]
    return sorted(found, key=ORDERS[asked["order"]][1])


def _events(which: str, known: Sequence[KnownRule]) -> Sequence[Sample]:
    if which == "life":
        return ordinary()
    if which == "attacks":
        return library_events()
    sets = {one.samples for one in known if one.samples}
    kept: Any = SampleEvent.objects.filter(set_id__in=sets)[:5000]
    return [sample(one.key, one.name, one.fields, one.expectation) for one in kept]


__all__ = ["Contestant", "rules"]
