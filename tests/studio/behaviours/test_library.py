"""The library keeps its promises: every clause is valid, fires on its attack events and stays silent otherwise."""

from __future__ import annotations

import re

from rules_export.catalog.fields import lookup
from rules_export.checks.condition import check_condition
from rules_export.language.ast import Compare, ValueList
from rules_export.language.parser import parse
from rules_export.language.visitor import leaves
from studio.behaviours import conditions, known, queries
from studio.behaviours.records import Behaviour
from studio.behaviours.templates import placeholders


def narrower_or_itself(behaviour: Behaviour) -> list[str | None]:
    return [None, *(variant.id for variant in behaviour.variants if variant.kind == "narrower")]


def test_it_has_clauses_that_falco_loads_without_a_warning() -> None:
    complaints = []
    for behaviour in queries.all():
        for variant in (None, *(variant.id for variant in behaviour.variants)):
            check = check_condition(conditions.tree(behaviour, variant=variant))
            complaints += [(behaviour.id, variant, warning.message) for warning in check.warnings]
    assert complaints == []


def test_it_fires_on_every_attack_event() -> None:
    missed = [
        (behaviour.id, event.name)
        for behaviour in queries.all()
        for event in behaviour.attack_events
        if not conditions.matcher(conditions.tree(behaviour)).matches(event.fields)
    ]
    assert missed == []


def test_it_stays_silent_on_benign_events_also_where_narrower() -> None:
    fired = [
        (behaviour.id, variant, event.name)
        for behaviour in queries.all()
        for variant in narrower_or_itself(behaviour)
        for event in behaviour.benign_events
        if conditions.matcher(conditions.tree(behaviour, variant=variant)).matches(event.fields)
    ]
    assert fired == []


def test_it_has_wider_variants_that_lose_nothing_and_narrower_ones_that_catch_something() -> None:
    wrong = []
    for behaviour in queries.all():
        for variant in behaviour.variants:
            matcher = conditions.matcher(conditions.tree(behaviour, variant=variant.id))
            caught = [matcher.matches(event.fields) for event in behaviour.attack_events]
            if not (all(caught) if variant.kind == "wider" else any(caught)):
                wrong.append((behaviour.id, variant.id))
    assert wrong == []


def test_it_suggests_exceptions_that_silence_the_look_alike_and_not_the_attack() -> None:
    wrong = []
    for behaviour in queries.all():
        tree = conditions.tree(behaviour)
        for look in behaviour.look_alikes:
            if look.event and not conditions.matcher(tree).matches(look.event.fields):
                wrong.append((behaviour.id, look.who, "does not look alike"))
            if not look.exception:
                continue
            quiet = conditions.without(tree, look.exception)
            check_condition(quiet)
            if look.event and conditions.matcher(quiet).matches(look.event.fields):
                wrong.append((behaviour.id, look.who, "is not silenced"))
            if not any(conditions.matcher(quiet).matches(event.fields) for event in behaviour.attack_events):
                wrong.append((behaviour.id, look.who, "silences every attack"))
    assert wrong == []


def test_it_stays_below_its_noise_level_on_ordinary_life() -> None:
    baseline = queries.baseline()
    noisy = []
    for behaviour, events in zip(queries.all(), known.firings(baseline), strict=True):
        raised = len(events) * 1000 / len(baseline)
        if raised > behaviour.noise.ceiling:
            noisy.append((behaviour.id, behaviour.noise.value, round(raised, 1)))
    assert noisy == []


def test_it_uses_only_fields_that_falco_knows() -> None:
    fields = {name for b in queries.all() for name in b.output_fields}
    events = [*queries.baseline()]
    for behaviour in queries.all():
        events += [*behaviour.attack_events, *behaviour.benign_events, *behaviour.look_alike_events]
    fields |= {name for event in events for name in event.fields}
    for name in sorted(fields):
        parts = re.fullmatch(r"([\w.]+?)(?:\[(.*)\])?", name)
        assert parts, name
        lookup(parts[1], parts[2], "syscall", "container")


def test_it_uses_every_parameter_in_a_clause() -> None:
    for behaviour in queries.all():
        used = placeholders(" ".join([behaviour.template, *(variant.template for variant in behaviour.variants)]))
        assert used == {parameter.name for parameter in behaviour.parameters}, behaviour.id


def test_it_says_which_event_types_the_clause_sees() -> None:
    for behaviour in queries.all():
        assert behaviour.event_types, behaviour.id
        assert behaviour.lowest_engine.startswith("0."), behaviour.id


def test_it_names_exceptions_and_texts_as_the_ecosystem_does() -> None:
    for behaviour in queries.all():
        assert behaviour.does.endswith("."), behaviour.id
        assert behaviour.why.endswith("."), behaviour.id
        assert behaviour.emulation, behaviour.id
        for look in behaviour.look_alikes:
            assert look.exception is None or re.fullmatch(r"[a-z][a-z0-9_]*", look.exception.name), behaviour.id


def test_it_has_trees_that_read_back_from_their_text() -> None:
    for behaviour in queries.all():
        assert parse(conditions.condition(behaviour)) == conditions.tree(behaviour)


PROCESS_NAMES = ("proc.name", "proc.pname", "proc.aname")


def test_it_compares_process_names_that_the_kernel_can_give() -> None:
    """The kernel cuts a process name at 15 bytes: a longer one would never be equal."""
    too_long = []
    for behaviour in queries.all():
        trees = [conditions.tree(behaviour, variant=v) for v in (None, *(v.id for v in behaviour.variants))]
        exceptions = [look.exception for look in behaviour.look_alikes if look.exception]
        trees += [conditions.without(parse("proc.pid > 0"), exception) for exception in exceptions]
        checks = [check for tree in trees for check in leaves(tree) if isinstance(check, Compare)]
        for check in checks:
            if check.left.name in PROCESS_NAMES and check.op in ("=", "==", "!=", "in"):
                values = (
                    check.right.items if isinstance(check.right, ValueList) else (getattr(check.right, "text", ""),)
                )
                too_long += [(behaviour.id, value) for value in values if len(value.encode()) > 15]
    assert too_long == []
