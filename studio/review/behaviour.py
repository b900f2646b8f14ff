"""Which events match now and did not before, and the other way round: sample events and ordinary life."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rules_export.ruleset.model import Rule
from studio.authoring import samples
from studio.authoring.content import RuleContent, from_json, to_json, to_rule
from studio.lab.results import Outcome, Sample
from studio.lab.running import run

#: Events of one group that are listed; the number is always told in full.
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Turn:
    """An event that the two revisions treat differently. before: None where there is no earlier revision."""

    sample: Sample
    before: Outcome | None
    after: Outcome


@dataclass(frozen=True, slots=True)
class Group:
    """Events that turned the same way. good: whether that is what a reviewer hopes for."""

    slug: str
    title: str
    good: bool
    turns: tuple[Turn, ...]

    @property
    def shown(self) -> tuple[Turn, ...]:
        """The first of them."""
        return self.turns[:SHOWN]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """All of it. tried: (attack events, benign events, events of ordinary life). trouble: why nothing was tried."""

    groups: tuple[Group, ...] = ()
    tried: tuple[int, int, int] = (0, 0, 0)
    trouble: str = ""

    def count(self, slug: str) -> int:
        """How many events are in a group."""
        return next((len(group.turns) for group in self.groups if group.slug == slug), 0)

    @property
    def total(self) -> int:
        """How many events turned."""
        return sum(len(group.turns) for group in self.groups)


#: (slug, title, whether it is good, whether it fires now, kind of event)
_GROUPS = (
    ("caught", "Attack events that fire now and did not", True, True, "attack"),
    ("lost", "Attack events that no longer fire", False, False, "attack"),
    ("noisy", "Benign events that fire now and did not", False, True, "benign"),
    ("silenced", "Benign events that are silent now", True, False, "benign"),
    ("louder", "Events of ordinary life that fire now and did not", False, True, "ordinary"),
    ("quieter", "Events of ordinary life that are silent now", True, False, "ordinary"),
)


def compare(old: RuleContent | None, new: RuleContent, sample_set: int) -> Behaviour:
    """The events of both revisions' behaviours, those kept in the set, and ordinary life, tried on both."""
    before = _text(old) if old else ""
    return _compared(before, _text(new), samples.kept(new, sample_set))


def outcomes(content: RuleContent, sample_set: int) -> tuple[Outcome, ...]:
    """What the rule does with every sample event of its behaviours and of those kept with it; surprises first."""
    known = [*samples.of_behaviours(content), *samples.kept(content, sample_set)]
    return tuple(sorted(run(to_rule(content), known, explained=False).outcomes, key=lambda one: one.as_expected))


def _text(content: RuleContent) -> str:
    return json.dumps(to_json(content), sort_keys=True)


@lru_cache(maxsize=64)
def _compared(before: str, after: str, kept: tuple[Sample, ...]) -> Behaviour:
    new = from_json(json.loads(after))
    old = from_json(json.loads(before)) if before else None
    named = [*samples.of_behaviours(new), *(samples.of_behaviours(old) if old else ()), *kept]
    known = list({one.key: one for one in named}.values())
    ordinary = samples.baseline()
    tried = [*known, *ordinary]
    after_run = run(to_rule(new), tried, explained=False)
    before_run = run(to_rule(old), tried, explained=False) if old else None
    trouble = after_run.trouble or (before_run.trouble if before_run else "")
    if trouble:
        return Behaviour(trouble=trouble)
    fired_before = [bool(one.matched) for one in before_run.outcomes] if before_run else [False] * len(tried)
    fired_after = [bool(one.matched) for one in after_run.outcomes]
    turned = [one for one, was, now in zip(tried, fired_before, fired_after, strict=True) if was != now]
    turns = _turns(turned, to_rule(old) if old else None, to_rule(new))
    ordinary_keys = {one.key for one in ordinary}
    groups = tuple(
        Group(slug, title, good, found)
        for slug, title, good, fires, kind in _GROUPS
        if (
            found := tuple(
                t for t in turns if bool(t.after.matched) is fires and _kind(t.sample, ordinary_keys) == kind
            )
        )
    )
    attacks = sum(one.is_attack for one in known)
    return Behaviour(groups, (attacks, len(known) - attacks, len(ordinary)))


def _kind(sample: Sample, ordinary: set[str]) -> str:
    return "ordinary" if sample.key in ordinary else "attack" if sample.is_attack else "benign"


def _turns(turned: Iterable[Sample], old: Rule | None, new: Rule) -> list[Turn]:
    """The events that turned, with reasons and alerts."""
    found = list(turned)
    after = run(new, found).outcomes
    before: tuple[Outcome | None, ...] = run(old, found).outcomes if old else (None,) * len(found)
    return [Turn(one, was, now) for one, was, now in zip(found, before, after, strict=True)]
