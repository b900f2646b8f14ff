"""A capture read by the real Falco: its alerts for each rule, and beside them what our evaluator says.

Falco reads the capture twice: once with the rules, and once with a rule that fires on every event of their types and
prints all fields that they look at. From those our evaluator answers; where it disagrees, the events are named.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rules_export.catalog.fields import CatalogError, lookup
from rules_export.errors import EmitError
from rules_export.evaluation.event import ANCESTORS, EITHER_END, Event, key_of
from rules_export.evaluation.normalising import EventError, normalise
from rules_export.language.visitor import fields_used
from rules_export.lints.context import events_of
from rules_export.ruleset.model import Rule
from rules_export.write.bundle import bundle
from rules_export.write.rule_yaml import to_yaml
from studio.lab.compiled import CannotRunError, Compiled, compile_rule
from studio.lab.tally import with_exceptions
from studio.verdicts.replay import Replay, replay

#: Events that are compared, alerts that are told of one rule, and disagreements.
MOST_EVENTS, MOST_TOLD = 50_000, 20
NUMBER = "evt.num"
_EVERY = "Mews: every event"
#: Ancestors that are asked for, from the parent.
_LEVELS = range(1, 8)
_ALWAYS = (NUMBER, "evt.type", "evt.time", "proc.name", "proc.pname", "proc.cmdline", "user.name", "container.id")

Tell = Callable[[str, int], None]


@dataclass(slots=True)
class _Tried:
    """One rule on its way. falco, ours: numbers of events on which it fires."""

    rule: Rule
    name: str
    trouble: str = ""
    compiled: Compiled | None = None
    alerts: list[dict[str, Any]] = field(default_factory=list)
    falco: set[int] = field(default_factory=set)
    ours: set[int] = field(default_factory=set)


def try_capture(capture: Path, rules: Sequence[Rule], tell: Tell) -> dict[str, Any]:
    """Falco's alerts and our answers, as JSON; `trouble` where Falco gave none. Raises what `tell` raises."""
    began = time.monotonic()
    tried = [_ready(rule, number) for number, rule in enumerate(rules)]
    text = _file([one for one in tried if not one.trouble])
    if not text:
        reasons = " ".join(one.trouble for one in tried)[:2000]
        return {"trouble": f"None of these rules can be loaded by Falco. {reasons}"}
    told = replay(capture, text, lambda size: tell(f"Falco reads the capture: {size:,} bytes of alerts", 0))
    if told.trouble:
        return {"trouble": told.trouble}
    _sort(tried, told)
    every = _replay_events(capture, tried, tell)
    compared, last = _compare(tried, every)
    return {
        "falco": told.version,
        "complete": told.complete,
        "alerts": sum(len(one.falco) for one in tried),
        "fired": len(set().union(*(one.falco for one in tried))) if tried else 0,
        "events": compared,
        "no_events": every.trouble if not compared else "",
        "all_events": every.complete,
        "rules": [_told(one, last) for one in sorted(tried, key=lambda one: -len(one.falco))],
        "seconds": round(time.monotonic() - began, 2),
    }


def _ready(rule: Rule, number: int) -> _Tried:
    """The rule under a name that is its own, with the event's number in its output; or why Falco would not load it."""
    name = f"{number} {rule.name or 'Untitled rule'}"
    numbered = replace(
        rule, name=name, desc=rule.desc or "Tried in the lab.", output=f"{rule.output or '%evt.type'} n=%{NUMBER}",
        priority=rule.priority or "NOTICE", enabled=True,
    )  # fmt: skip
    try:
        compiled = compile_rule(rule)
        bundle([numbered], mode="standalone")
    except CannotRunError as error:
        return _Tried(numbered, rule.name, str(error))
    except EmitError as error:
        return _Tried(numbered, rule.name, error.message)
    return _Tried(numbered, rule.name, compiled=compiled)


def _file(tried: Sequence[_Tried]) -> str:
    if not tried:
        return ""
    try:
        return bundle([one.rule for one in tried], mode="standalone").text
    except EmitError as error:
        for one in tried:
            one.trouble = error.message
        return ""


def _sort(tried: Sequence[_Tried], told: Replay) -> None:
    names = {one.rule.name: one for one in tried}
    for alert in told.alerts:
        one = names.get(str(alert["rule"]))
        number = alert["output_fields"].get(NUMBER)
        if one is None or not isinstance(number, int):
            continue
        one.falco.add(number)
        if len(one.alerts) < MOST_TOLD:
            one.alerts.append({"output": str(alert.get("output", ""))[:1000], "time": str(alert.get("time", ""))[:40],
                               "fields": _plain(alert["output_fields"])})  # fmt: skip


def _replay_events(capture: Path, tried: Sequence[_Tried], tell: Tell) -> Replay:
    """Every event of the rules' types with the fields that they look at."""
    wholes = [with_exceptions(one.compiled) for one in tried if one.compiled and not one.trouble]
    kinds = [events_of(whole) for whole in wholes]
    named = set().union(*(kind or () for kind in kinds))
    condition = f"evt.type in ({', '.join(sorted(named))})" if named and all(kind is not None for kind in kinds) else ""
    names = dict.fromkeys([*_ALWAYS, *(name for whole in wholes for name in _asked_for(whole))])
    output = " ".join(f"%{name}" for name in names if _exists(name))
    rule = Rule(_EVERY, condition or f"{NUMBER} > 0", output, "Prints events for the lab.", "DEBUG")
    return replay(
        capture, to_yaml([rule]), lambda size: tell(f"Falco writes the events down, {size:,} bytes", 0), MOST_EVENTS
    )


def _asked_for(whole: Any) -> list[str]:
    """The fields of a condition as Falco prints them: ancestors one by one, both ends of a connection."""
    found: list[str] = []
    for one in fields_used(whole):
        if one.name in ANCESTORS and one.arg is None:
            found += [f"{one.name}[{level}]" for level in _LEVELS]
        elif one.name in EITHER_END:
            found += [*EITHER_END[one.name], "fd.type"]
        elif not one.name.startswith("evt.type.is"):
            found.append({"fd.cnet": "fd.cip", "fd.snet": "fd.sip"}.get(one.name, key_of(one)))
    return found


def _exists(name: str) -> bool:
    base, _, argument = name.partition("[")
    try:
        lookup(base, argument.rstrip("]") or None)
    except CatalogError:
        return False
    return True


def _compare(tried: Sequence[_Tried], every: Replay) -> tuple[int, int]:
    """Our answers for the events that Falco wrote down: how many those are, and the number of the last."""
    last = compared = 0
    for alert in every.alerts:
        number = alert["output_fields"].get(NUMBER)
        try:
            event = normalise(alert["output_fields"])
        except EventError:
            continue
        if not isinstance(number, int):
            continue
        last, compared = max(last, number), compared + 1
        for one in tried:
            if one.compiled and _fires(one.compiled, event):
                one.ours.add(number)
    return compared, last


def _fires(compiled: Compiled, event: Event) -> bool:
    return compiled.condition.decides(event) and not any(silences.decides(event) for _, silences in compiled.exceptions)


def _told(one: _Tried, last: int) -> dict[str, Any]:
    """What is told of a rule. last: up to which event the two are compared; 0 where there was none to compare."""
    seen = {number for number in one.falco if number <= last}
    return {
        "rule": one.name,
        "trouble": one.trouble,
        "falco": len(one.falco),
        "ours": len(one.ours) if last else None,
        "only_falco": sorted(seen - one.ours)[:MOST_TOLD] if last else [],
        "only_ours": sorted(one.ours - seen)[:MOST_TOLD],
        "agrees": seen == one.ours if last else None,
        "alerts": one.alerts,
    }


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """What JSON in every database can keep."""
    return {str(key)[:200].replace("\x00", "�"): _kept(value) for key, value in list(fields.items())[:200]}


def _kept(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)[:2000].replace("\x00", "�").encode("utf-8", "replace").decode()
