"""Rule against rule: who fires on the same events, and whom Falco never hears because an earlier rule fired first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules_export.evaluation.evaluator import RuleSet
from rules_export.evaluation.event import Event
from rules_export.ruleset.model import PRIORITIES, Rule
from studio.lab.compiled import CannotRunError, Compiled, compile_rule
from studio.lab.known_rules import KnownRule
from studio.lab.tally import with_exceptions

#: Others that are told of one rule.
TOLD = 12


@dataclass(frozen=True, slots=True)
class Other:
    """Another rule that fires on the same events, and on how many. first: whether Falco asks it before."""

    rule: KnownRule
    count: int
    first: bool


@dataclass(frozen=True, slots=True)
class Contestant:
    """One rule among the others, in Falco's order.

    fires: events on which it fires; alerts: those on which it is the first that does; unheard: the rest, by the rule
    that Falco alerts instead. trouble: why it was not tried.
    """

    place: int
    rule: KnownRule
    fires: int = 0
    alerts: int = 0
    unheard: tuple[tuple[KnownRule, int], ...] = ()
    others: tuple[Other, ...] = ()
    trouble: str = ""

    @property
    def silent_count(self) -> int:
        """Events on which it fires and is not heard."""
        return self.fires - self.alerts

    @property
    def never_heard(self) -> bool:
        """Whether earlier rules take all of its events."""
        return self.fires > 0 and not self.alerts

    @property
    def before(self) -> tuple[Other, ...]:
        """Rules before it that fire on the same events."""
        return tuple(one for one in self.others if one.first)

    @property
    def behind(self) -> tuple[Other, ...]:
        """Rules behind it that fire on the same events."""
        return tuple(one for one in self.others if not one.first)


#: Order → its words, and by what rules stand in it.
ORDERS: Mapping[str, tuple[str, Callable[[KnownRule], tuple[object, ...]]]] = {
    "name": ("by name", lambda one: (one.name.casefold(),)),
    "priority": ("most urgent first", lambda one: (_urgency(one.rule), one.name.casefold())),
    "narrow": ("narrowest first, by the length of the condition", lambda one: (-len(one.rule.condition), one.name)),
}


def contest(rules: Sequence[KnownRule], events: Sequence[Event]) -> list[Contestant]:
    """Every rule in the given order, tried on the normalised events."""
    tried: list[tuple[int, Compiled]] = []
    troubles: dict[int, str] = {}
    for place, one in enumerate(rules):
        ready = _ready(one.rule)
        if isinstance(ready, str):
            troubles[place] = ready
        elif one.rule.enabled and one.rule.source == "syscall":
            tried.append((place, ready))
        else:
            troubles[place] = "It is not enabled, or not of system calls."
    index = RuleSet([with_exceptions(ready) for _, ready in tried])
    fires: Counter[int] = Counter()
    heard: Counter[tuple[int, int]] = Counter()
    pairs: Counter[tuple[int, int]] = Counter()
    for event in events:
        found = [tried[number][0] for number in index.matching(event)]
        for place in found:
            fires[place] += 1
            heard[place, found[0]] += 1
        pairs.update((one, other) for one in found for other in found if one != other)
    return [_contestant(place, rules, fires, heard, pairs, troubles.get(place, "")) for place in range(len(rules))]


def _contestant(
    place: int,
    rules: Sequence[KnownRule],
    fires: Counter[int],
    heard: Counter[tuple[int, int]],
    pairs: Counter[tuple[int, int]],
    trouble: str,
) -> Contestant:
    unheard = [(rules[first], count) for (own, first), count in heard.most_common() if own == place != first]
    others = [Other(rules[other], count, other < place) for (own, other), count in pairs.most_common() if own == place]
    return Contestant(
        place + 1, rules[place], fires[place], heard[place, place], tuple(unheard[:TOLD]), tuple(others[:TOLD]), trouble
    )


@lru_cache(maxsize=2048)
def _ready(rule: Rule) -> Compiled | str:
    try:
        return compile_rule(rule)
    except CannotRunError as error:
        return str(error)


def _urgency(rule: Rule) -> int:
    name = rule.priority.upper().replace("INFO", "INFORMATIONAL") if rule.priority.upper() == "INFO" else rule.priority
    return PRIORITIES.index(name.upper()) if name.upper() in PRIORITIES else len(PRIORITIES)
