"""What a behaviour has to prove: its clauses load, fire on its attacks, stay silent on the rest and on ordinary life.

The library's tests and the team's own behaviours go through the same checks. Nothing here reads a database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from rules_export.catalog.fields import CatalogError, lookup
from rules_export.errors import EngineError
from rules_export.evaluation import normalise
from rules_export.evaluation.event import Event
from rules_export.evaluation.matcher import Matcher
from rules_export.falco_checks.condition import check_condition
from rules_export.falco_checks.requirements import impossible, needs
from rules_export.language.ast import Compare, Node, ValueList
from rules_export.language.parser import parse
from rules_export.language.visitor import leaves
from studio.behaviours import conditions, queries
from studio.behaviours.loader import REFUSALS, Complaint, behaviour, complaints
from studio.behaviours.parameters import ParameterError
from studio.behaviours.records import Behaviour, LookAlike, SampleEvent, Variant
from studio.behaviours.templates import placeholders

_NAMES = ("proc.name", "proc.pname", "proc.aname")
_EXCEPTION = re.compile(r"[a-z][a-z0-9_]*")
_FIELD = re.compile(r"([\w.]+?)(?:\[(.*)\])?")


def of_record(record: object) -> tuple[Behaviour | None, list[Complaint]]:
    """The behaviour where the schema takes the record, and everything that is wrong with it."""
    found = complaints(record)
    if found or not isinstance(record, dict):
        return None, found
    made = behaviour(record)
    return made, of_behaviour(made)


def of_behaviour(one: Behaviour) -> list[Complaint]:
    """Everything that a behaviour fails to prove; none for a sound one."""
    found = [*_parameters(one), *_words(one), *_fields(one)]
    matcher, wrong = _compiled(one, None)
    found += wrong
    if matcher is not None:
        found += [*_events(one, matcher), *_noise(one, matcher)]
        for number, look in enumerate(one.look_alikes, 1):
            found += [Complaint("lookalikes", number, text) for text in _look_alike(one, look, matcher)]
    for number, variant in enumerate(one.variants, 1):
        found += _variant(one, number, variant)
    return found


def _tree(one: Behaviour, variant: Variant | None) -> Node:
    return conditions.tree(one, variant=variant.id if variant else None)


def _compiled(one: Behaviour, variant: Variant | None, number: int = 0) -> tuple[Matcher | None, list[Complaint]]:
    """The clause ready for events, None where it can't be; and what Falco would say of it."""
    key = "variants" if variant else "clause"
    try:
        tree = _tree(one, variant)
        check = check_condition(tree)
        matcher = conditions.matcher(tree)
    except ParameterError as error:
        return None, [Complaint(key, number, str(error))]
    except KeyError as error:
        return None, [Complaint(key, number, f"there is no built-in macro called {str(error.args[0])[:60]}")]
    except EngineError as error:
        return None, [Complaint(key, number, f"Falco refuses the clause: {error}")]
    found = [Complaint(key, number, f"Falco warns: {warning.message}") for warning in check.warnings]
    found += [Complaint(key, number, f"no Falco loads this: {what.reason}") for what in impossible(needs(tree))]
    found += [Complaint(key, number, text) for text in _too_long(tree)]
    return matcher, found


def _too_long(tree: Node) -> Iterator[str]:
    """Process names that the kernel, which cuts them at 15 bytes, never gives."""
    for check in leaves(tree):
        if isinstance(check, Compare) and check.left.name in _NAMES and check.op in ("=", "==", "!=", "in"):
            values = check.right.items if isinstance(check.right, ValueList) else (getattr(check.right, "text", ""),)
            for value in values:
                if len(value.encode("utf-8", "surrogatepass")) > 15:
                    yield f"the kernel keeps 15 bytes of a process name; “{value[:40]}” would never match"


def _parameters(one: Behaviour) -> Iterator[Complaint]:
    used = placeholders(" ".join([one.template, *(variant.template for variant in one.variants)]))
    known = {parameter.name for parameter in one.parameters}
    for number, parameter in enumerate(one.parameters, 1):
        if parameter.name not in used:
            yield Complaint("parameters", number, f"no clause mentions ${parameter.name}")
    for name in sorted(used - known):
        yield Complaint("clause", 0, f"${name} is no parameter of this behaviour")


def _words(one: Behaviour) -> Iterator[Complaint]:
    for key in ("does", "why"):
        if not getattr(one, key).endswith("."):
            yield Complaint(key, 0, "is a sentence and ends with a period")
    if not one.emulation:
        yield Complaint("emulate", 0, "is missing: shell lines that show the behaviour without harm")
    for number, look in enumerate(one.look_alikes, 1):
        if look.exception and not _EXCEPTION.fullmatch(look.exception.name):
            yield Complaint("lookalikes", number, "an exception's name is small letters, digits and underscores")


def _fields(one: Behaviour) -> Iterator[Complaint]:
    groups: list[tuple[str, list[tuple[int, SampleEvent]]]] = [
        ("attack", list(enumerate(one.attack_events, 1))),
        ("benign", list(enumerate(one.benign_events, 1))),
        ("lookalikes", [(number, look.event) for number, look in enumerate(one.look_alikes, 1) if look.event]),
    ]
    for name in one.output_fields:
        if wrong := _unknown(name):
            yield Complaint("output", 0, wrong)
    for key, events in groups:
        for number, event in events:
            for wrong in filter(None, map(_unknown, event.fields)):
                yield Complaint(key, number, wrong)
            try:
                normalise(event.fields)
            except (EngineError, ValueError) as error:
                yield Complaint(key, number, str(error))


def _unknown(name: str) -> str:
    """Why Falco has no such field; empty where it has."""
    parts = _FIELD.fullmatch(name)
    if not parts:
        return f"“{name[:60]}” is not a field"
    try:
        lookup(parts[1], parts[2], "syscall", "container")
    except CatalogError as error:
        return f"“{name[:60]}”: {error.message}"
    return ""


def _events(one: Behaviour, matcher: Matcher) -> Iterator[Complaint]:
    for number, event in enumerate(one.attack_events, 1):
        if not _matches(matcher, event):
            yield Complaint("attack", number, f"the clause does not fire on “{event.name}”")
    for number, event in enumerate(one.benign_events, 1):
        if _matches(matcher, event):
            yield Complaint("benign", number, f"the clause fires on “{event.name}”")


def _noise(one: Behaviour, matcher: Matcher) -> Iterator[Complaint]:
    raised, of = ordinary(matcher)
    rate = raised * 1000 / of
    if rate > one.noise.ceiling:
        yield Complaint(
            "noise",
            0,
            f"the clause fires on {raised} of {of} events of ordinary life, {rate:.1f} in a thousand; "
            f"“{one.noise}” allows {one.noise.ceiling}",
        )


def ordinary(matcher: Matcher) -> tuple[int, int]:
    """On how many events of ordinary life a condition fires, and of how many."""
    baseline = _baseline()
    return sum(map(matcher.decides, baseline)), len(baseline)


@lru_cache(maxsize=1)
def _baseline() -> tuple[Event, ...]:
    """Ordinary life, made ready once."""
    return tuple(normalise(event.fields) for event in queries.baseline())


def _look_alike(one: Behaviour, look: LookAlike, matcher: Matcher) -> Iterator[str]:
    if look.event and not _matches(matcher, look.event):
        yield f"the clause does not fire on “{look.who}”, so it does not look alike"
    if look.exception is None:
        return
    try:
        quiet = conditions.without(_tree(one, None), look.exception)
        check_condition(quiet)
        left = conditions.matcher(quiet)
    except (EngineError, *REFUSALS) as error:
        yield f"Falco refuses the exception: {error}"
        return
    yield from _too_long(conditions.without(parse("proc.pid > 0"), look.exception))
    if look.event and _matches(left, look.event):
        yield "the exception does not silence its event"
    if not any(_matches(left, event) for event in one.attack_events):
        yield "the exception silences every attack"


def _variant(one: Behaviour, number: int, variant: Variant) -> Iterator[Complaint]:
    matcher, wrong = _compiled(one, variant, number)
    yield from wrong
    if matcher is None:
        return
    caught = [_matches(matcher, event) for event in one.attack_events]
    needed: Callable[[list[bool]], bool] = all if variant.kind == "wider" else any
    if not needed(caught):
        says = "a wider variant fires on every attack" if variant.kind == "wider" else "it fires on no attack"
        yield Complaint("variants", number, says)
    if variant.kind == "narrower" and any(_matches(matcher, event) for event in one.benign_events):
        yield Complaint("variants", number, "it fires on a benign event")


def _matches(matcher: Matcher, event: SampleEvent) -> bool:
    """Whether the clause fires; an event that can't be told does not."""
    try:
        return bool(matcher.matches(event.fields))
    except EngineError:
        return False


def complaint_of_id(slug: str) -> bool:
    """Whether an id can't be one."""
    return any(one.key == "id" for one in complaints({"id": slug}) if one.message != "is missing")
