"""A day of ordinary life as samples, made ready once in each process."""

from __future__ import annotations

from functools import lru_cache

from studio.behaviours import queries as library
from studio.lab.models import Expectation
from studio.lab.results import Sample, sample


@lru_cache(maxsize=1)
def ordinary() -> tuple[Sample, ...]:
    """Ordinary life on hosts and in containers; no rule should fire on much of it."""
    return tuple(
        sample(f"ordinary-{number}", event.name, event.fields, Expectation.NO_MATCH, "Ordinary life")
        for number, event in enumerate(library.baseline())
    )


@lru_cache(maxsize=1)
def library_events() -> tuple[Sample, ...]:
    """Every attack event of the built-in behaviour library, each once."""
    seen: dict[str, Sample] = {}
    for behaviour in library.all():
        for number, event in enumerate(behaviour.attack_events):
            key = f"{behaviour.id}-a{number}"
            seen.setdefault(event.name, sample(key, event.name, event.fields, Expectation.MATCH, behaviour.title))
    return tuple(seen.values())
