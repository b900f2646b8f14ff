"""What the lab's first page shows: each event with the rules that fire on it, in Falco's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules_export.ruleset.model import Rule
from studio.lab.events import ParsedEvent
from studio.lab.life import ordinary
from studio.lab.noise import Culprit, culprits
from studio.lab.results import LabResult, Outcome, Sample, sample
from studio.lab.running import run
from studio.lab.why import Why, why


@dataclass(frozen=True, slots=True)
class TriedRule:
    """A rule with what it did. noise: who makes it fire on ordinary life, where that was asked for."""

    number: int
    rule: Rule
    result: LabResult
    noise: tuple[Culprit, ...] = ()


@dataclass(frozen=True, slots=True)
class TriedEvent:
    """An event with what each rule did: (rule's number, name, outcome). alerts: the one that Falco would alert."""

    sample: Sample
    outcomes: tuple[tuple[int, str, Outcome], ...]

    @property
    def alerts(self) -> int | None:
        """The number of the first rule that fires: Falco stops there."""
        return next((number for number, _, outcome in self.outcomes if outcome.matched), None)


@dataclass(frozen=True, slots=True)
class Tried:
    """Everything."""

    rules: tuple[TriedRule, ...]
    events: tuple[TriedEvent, ...]

    @property
    def fired(self) -> int:
        """Events on which any rule fires."""
        return sum(one.alerts is not None for one in self.events)

    @property
    def ordinary_count(self) -> int:
        """Events of ordinary life that were tried too."""
        return max((one.result.ordinary_count for one in self.rules), default=0)


def attempt(rules: Sequence[Rule], events: Sequence[ParsedEvent], *, with_life: bool) -> Tried:
    """Try every rule on every event, and on a day of ordinary life where that is asked for."""
    samples = [sample(str(number), one.name, one.fields) for number, one in enumerate(events)]
    life = ordinary() if with_life else ()
    results = [run(rule, samples, life, explained=len(rules) == 1) for rule in rules]
    tried = tuple(
        TriedRule(number, rule, result, culprits(result.ordinary))
        for number, (rule, result) in enumerate(zip(rules, results, strict=True))
    )
    rows = tuple(
        TriedEvent(
            one,
            tuple((rule.number, rule.rule.name, rule.result.outcomes[at]) for rule in tried if rule.result.outcomes),
        )
        for at, one in enumerate(samples)
    )
    return Tried(tried, rows)


def explained(rules: Sequence[Rule], events: Sequence[ParsedEvent], asked: str) -> Why | None:
    """Why the rule does what it does with the event: `asked` is "rule-event", both counted from 0."""
    rule, _, event = asked.partition("-")
    try:
        chosen, item = rules[int(rule)], events[int(event)]
    except (ValueError, IndexError):
        return None
    return why(chosen, sample("asked", item.name, item.fields))
