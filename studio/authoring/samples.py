"""The events that a draft is tried on: those of its behaviours, ordinary life, and what people kept with it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from studio.authoring import facts
from studio.authoring.content import RuleContent
from studio.behaviours import queries as library
from studio.behaviours.records import Behaviour
from studio.lab.models import Expectation, SampleEvent
from studio.lab.results import Sample


def of_behaviours(content: RuleContent) -> Iterator[Sample]:
    """Attack events of the chosen behaviours, then what looks alike and must stay silent; each event once."""
    seen: set[tuple[str, bool]] = set()
    for sample in (sample for behaviour in facts.chosen_behaviours(content) for sample in _of(behaviour)):
        if (sample.name, sample.is_attack) not in seen:
            seen.add((sample.name, sample.is_attack))
            yield sample


def _of(behaviour: Behaviour) -> Iterator[Sample]:
    for number, event in enumerate(behaviour.attack_events, start=1):
        yield Sample(f"{behaviour.id}-a{number}", event.name, event.fields, str(Expectation.MATCH), behaviour.title)
    for number, event in enumerate(behaviour.benign_events, start=1):
        yield Sample(f"{behaviour.id}-b{number}", event.name, event.fields, str(Expectation.NO_MATCH), behaviour.title)
    for number, look in enumerate(behaviour.look_alikes, start=1):
        if look.event:
            key = f"{behaviour.id}-l{number}"
            yield Sample(key, look.event.name, look.event.fields, str(Expectation.NO_MATCH), f"Look-alike: {look.who}")


@lru_cache(maxsize=1)
def baseline() -> tuple[Sample, ...]:
    """Ordinary life on hosts and in containers; no rule should fire on much of it."""
    return tuple(
        Sample(f"baseline-{number}", event.name, event.fields, str(Expectation.NO_MATCH), "Ordinary life")
        for number, event in enumerate(library.baseline(), start=1)
    )


def kept(sample_set: int) -> tuple[Sample, ...]:
    """What people kept with the draft."""
    return tuple(
        Sample(f"own-{event.pk}", event.name, event.fields, event.expectation, "Kept with the draft")
        for event in SampleEvent.objects.filter(set_id=sample_set)
    )
