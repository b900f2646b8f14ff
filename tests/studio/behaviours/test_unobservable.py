"""Every technique has a behaviour of its own or a reason; behaviours are many, different and true to the kernel."""

from __future__ import annotations

from collections import defaultdict

import pytest
import yaml

from rules_export.catalog import events
from rules_export.language.printer import to_text
from studio.behaviours import conditions, export, queries, scope
from studio.behaviours.records import Behaviour, SampleEvent

SOURCES = ("gateway", "log", "network inspection", "forensics", "analysis", "scanner", "attestation", "sandbox")
SOURCES += ("threat intelligence", "signatures", "records")


def samples(behaviour: Behaviour) -> tuple[SampleEvent, ...]:
    return behaviour.attack_events + behaviour.benign_events + behaviour.look_alike_events


def test_it_has_a_behaviour_or_a_reason_for_each_id_itself() -> None:
    """Not only through its parent or its sub-techniques."""
    ids = {attack_id for attack_id, _, _ in scope.techniques()}
    seen, reasons = set(queries.techniques()), set(export.unobservable())
    assert len(ids) == 367
    assert seen | reasons == ids
    assert not seen & reasons


def test_it_holds_what_was_promised_and_more() -> None:
    assert len(queries.all()) >= 600
    assert len(queries.techniques()) >= 340


def test_it_keeps_no_reason_that_a_behaviour_contradicts() -> None:
    written = yaml.safe_load(export.UNOBSERVABLE.read_text("utf-8"))
    assert [technique for technique in written if technique in queries.techniques()] == []


@pytest.mark.parametrize("technique", sorted(export.unobservable()))
def test_it_names_a_source_that_can_see_it(technique: str) -> None:
    reason = export.unobservable()[technique]
    assert 1 <= reason.count(". ") + 1 <= 3
    assert any(source in reason.lower() for source in SOURCES), reason


def test_it_says_nothing_twice() -> None:
    """No two behaviours have the same clause."""
    owners: dict[str, list[str]] = defaultdict(list)
    for behaviour in queries.all():
        owners[to_text(conditions.tree(behaviour))].append(behaviour.id)
    assert [ids for ids in owners.values() if len(ids) > 1] == []


def test_it_looks_at_more_than_command_lines() -> None:
    kinds = {kind for behaviour in queries.all() for kind in behaviour.event_types}
    beyond = [b for b in queries.all() if set(b.event_types) - {"execve", "execveat"}]
    assert len(kinds) >= 40
    assert len(beyond) >= 230


def test_it_has_attack_events_that_differ() -> None:
    same = []
    for behaviour in queries.all():
        seen = [sorted(event.fields.items(), key=str) for event in behaviour.attack_events]
        if any(one in seen[:number] for number, one in enumerate(seen)):
            same.append(behaviour.id)
    assert same == []


def test_it_gives_events_only_the_arguments_and_names_that_their_calls_have() -> None:
    wrong = set()
    for behaviour in queries.all():
        for event in samples(behaviour):
            if event.type not in ("execve", "execveat"):
                wrong |= {(behaviour.id, event.type, argument) for argument in _foreign(event)}
    assert wrong == set()


def _foreign(event: SampleEvent) -> list[str]:
    """Arguments that the call does not have, and names of flags or requests that do not exist."""
    info = events.event(event.type)
    assert info is not None
    parameters = {parameter.name: parameter for parameter in info.parameters}
    given = {name.removeprefix("evt.arg."): str(v) for name, v in event.fields.items() if name.startswith("evt.arg.")}
    unknown = [name for name in given if name not in parameters]
    for name, value in given.items():
        known = {word for word, _ in parameters[name].values} if name in parameters else set()
        unknown += [f"{name}={word}" for word in value.split("|") if known and word not in known | {"0"}]
    return unknown
