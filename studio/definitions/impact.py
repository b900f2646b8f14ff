"""What a change of a macro or list would do to the rules that use it: which meaning changes, and on which events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import monotonic

from rules_export.definitions.closure import same_condition, values_of
from rules_export.ruleset.model import List, Macro, Rule
from studio.accounts.models import Team
from studio.definitions import uses
from studio.definitions.uses import Use
from studio.definitions.values import Own, items_of
from studio.lab.results import Sample
from studio.lab.running import run

#: Seconds after which further rules are named without being tried.
BUDGET = 2.5
#: Events of one kind that are named.
SHOWN = 12
#: Rules that are named.
MOST_RULES = 200


@dataclass(frozen=True, slots=True)
class Turned:
    """Events that a rule treats otherwise: of which kind, whether they match now, and their names (the first ones)."""

    kind: str
    matches: bool
    count: int
    names: tuple[str, ...]

    @property
    def words(self) -> str:
        """ "2 attack events match and did not"."""
        noun = {"attack": "attack event", "benign": "benign event", "ordinary": "event of ordinary life"}[self.kind]
        if self.kind == "ordinary" and self.count != 1:
            noun = "events of ordinary life"
        elif self.count != 1:
            noun += "s"
        one = self.count == 1
        return f"{self.count} {noun} {'matches' if one else 'match'} and did not" if self.matches else (
            f"{self.count} {noun} no longer {'matches' if one else 'match'}"
        )  # fmt: skip

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.names)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule whose meaning changes. turned: None where it was not tried; trouble: why it could not be."""

    use: Use
    turned: tuple[Turned, ...] | None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """All rules that use it. rules: those that follow at once; frozen: those that keep what was handed in.

    same: how many mean what they meant; untried, more: how many were not tried on events, and not even named.
    """

    rules: tuple[Outcome, ...] = ()
    frozen: tuple[Outcome, ...] = ()
    same: int = 0
    untried: int = 0
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.rules or self.frozen)


def of(team: Team, names: Iterable[str], after: Own) -> Impact:
    """What becomes of the team's rules when its macros and lists are those of `after`; `names`: those that differ."""
    end = monotonic() + BUDGET
    told: dict[bool, list[Outcome]] = {False: [], True: []}
    same = untried = more = 0
    for use in uses.of(team, set(names)):
        now = replace(
            use.rule,
            brings=items_of(after.within(use.rule.rule_set).closure([use.rule.condition], values_of(use.rule))),
        )
        if not _differs(use.rule, now):
            same += 1
        elif len(told[use.frozen]) < MOST_RULES:
            late = monotonic() > end
            untried += late
            told[use.frozen].append(Outcome(use, None) if late else _effect(use, now))
        else:
            more += 1
    return Impact(tuple(told[False]), tuple(told[True]), same, untried, more)


def _differs(before: Rule, after: Rule) -> bool:
    """Whether the rule means something else by its macros and lists; its own text is the same."""
    then, now = ({(type(one), one.name): one for one in rule.brings} for rule in (before, after))
    return then.keys() != now.keys() or any(_says_else(one, now[key]) for key, one in then.items())


def _says_else(one: Macro | List, other: Macro | List) -> bool:
    if isinstance(one, Macro) and isinstance(other, Macro):
        return not same_condition(one.condition, other.condition)
    return isinstance(one, List) and isinstance(other, List) and set(one.items) != set(other.items)


def _effect(use: Use, now: Rule) -> Outcome:
    samples = [one for one in use.samples() if not one.trouble]
    before, after = run(use.rule, samples, explained=False), run(now, samples, explained=False)
    if after.trouble or before.trouble:
        return Outcome(use, None, after.trouble or "")
    pairs = zip(before.outcomes, after.outcomes, strict=True)
    turned = [(one.sample, bool(two.matched)) for one, two in pairs if bool(one.matched) != bool(two.matched)]
    kinds = ("attack", "benign", "ordinary")
    groups = [
        (kind, matches, [one.name for one, now in turned if now is matches and _kind(one) == kind])
        for kind in kinds
        for matches in (True, False)
    ]
    return Outcome(use, tuple(Turned(k, m, len(names), tuple(names[:SHOWN])) for k, m, names in groups if names))


def _kind(sample: Sample) -> str:
    if sample.origin == "Ordinary life":
        return "ordinary"
    return "attack" if sample.is_attack else "benign"
