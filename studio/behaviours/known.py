"""What the library knows of an event: the behaviours whose clauses match it, the quiet ones first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rules_export.evaluation.evaluator import RuleSet
from studio.behaviours import conditions, queries
from studio.behaviours.proposals import Proposal
from studio.behaviours.records import Behaviour, SampleEvent

MOST = 3


def behaviours_for(event: SampleEvent) -> list[Behaviour]:
    """The behaviours whose clause, as it stands, matches the event."""
    found = [queries.all()[number] for number in _rules().matching(event.fields)]
    return sorted(found, key=lambda behaviour: behaviour.noise.ceiling)


def proposals(event: SampleEvent, line: int) -> list[Proposal]:
    """At most three of them as proposals."""
    return [proposal(behaviour, event, line) for behaviour in behaviours_for(event)[:MOST]]


def proposal(behaviour: Behaviour, event: SampleEvent, line: int) -> Proposal:
    """A behaviour that matches the event of a line."""
    why = f"The library knows this as {behaviour.primary_technique}: {behaviour.does}"
    return Proposal(behaviour.clause(), behaviour.title, why, event, line, behaviour.id)


def firings(events: Sequence[SampleEvent]) -> list[list[int]]:
    """For each behaviour of the library, in its order, the numbers (from 0) of the events that its clause matches."""
    found: list[list[int]] = [[] for _ in queries.all()]
    for number, event in enumerate(events):
        for behaviour in _rules().matching(event.fields):
            found[behaviour].append(number)
    return found


@lru_cache(maxsize=1)
def _rules() -> RuleSet:
    return RuleSet([conditions.tree(behaviour) for behaviour in queries.all()])
