"""The events that a draft is tried on: those of its behaviours, ordinary life, and what people kept with it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from studio.authoring import facts, frozen_parts
from studio.authoring.content import RuleContent
from studio.authoring.frozen_parts import FrozenBehaviour, FrozenSample
from studio.behaviours.own import queries as own
from studio.behaviours.records import Behaviour
from studio.lab.life import ordinary
from studio.lab.models import Expectation, SampleEvent
from studio.lab.results import Sample, sample


def of_behaviours(content: RuleContent) -> Iterator[Sample]:
    """Attack events of the chosen behaviours, then what looks alike and must stay silent; each event once."""
    seen: set[tuple[str, bool]] = set()
    ours = facts.own_behaviours(content)
    events = (_made(ours[chosen.id]) if chosen.id in ours else _of(chosen.id) for chosen in content.behaviours)
    for one in (one for group in events for one in group):
        if (one.name, one.is_attack) not in seen:
            seen.add((one.name, one.is_attack))
            yield one


@lru_cache(maxsize=512)
def _of(behaviour_id: str) -> tuple[Sample, ...]:
    """The events of one of the library, made ready once; none for one that left it."""
    behaviour = facts.built_in(behaviour_id)
    return _made(behaviour) if behaviour is not None else ()


def _made(behaviour: Behaviour) -> tuple[Sample, ...]:
    title, silent = behaviour.title, Expectation.NO_MATCH
    groups = (
        ("a", Expectation.MATCH, [(event, title) for event in behaviour.attack_events]),
        ("b", silent, [(event, title) for event in behaviour.benign_events]),
        ("l", silent, [(look.event, f"Look-alike: {look.who}") for look in behaviour.look_alikes if look.event]),
    )
    return tuple(
        sample(f"{behaviour.id}-{kind}{number}", event.name, event.fields, expected, origin)
        for kind, expected, events in groups
        for number, (event, origin) in enumerate(events)
    )


def baseline() -> tuple[Sample, ...]:
    """Ordinary life on hosts and in containers; no rule should fire on much of it."""
    return ordinary()


def find(content: RuleContent, sample_set: int, key: str) -> Sample | None:
    """The event of this key: of the behaviours, kept with the draft, or of ordinary life."""
    places = (kept(content, sample_set), of_behaviours(content), baseline())
    return next((one for events in places for one in events if one.key == key), None)


def kept(content: RuleContent, sample_set: int) -> tuple[Sample, ...]:
    """What people kept with the draft: of a revision the events that it froze, of a draft those of the set now."""
    events = _current(sample_set) if content.samples is None else content.samples
    return tuple(sample(one.key, one.name, one.fields, one.expectation, "Kept with the draft") for one in events)


def freeze(content: RuleContent, sample_set: int) -> dict[str, Any]:
    """What a revision with this content keeps beside it, as JSON: the team's behaviours and the sample events now."""
    rows = own.rows(chosen.id for chosen in content.behaviours)
    behaviours = [FrozenBehaviour(row.reference, row.number, row.digest, row.record) for row in rows]
    events = SampleEvent.objects.filter(set_id=sample_set).values_list("name", "expectation", "fields")
    return {
        frozen_parts.BEHAVIOURS: frozen_parts.behaviours_to_json(behaviours),
        frozen_parts.SAMPLES: frozen_parts.samples_to_json(frozen_parts.frozen_samples(events)),
    }


def _current(sample_set: int) -> tuple[FrozenSample, ...]:
    rows = SampleEvent.objects.filter(set_id=sample_set)
    return tuple(FrozenSample(row.key, row.name, row.expectation, row.fields) for row in rows)
