"""Exceptions row by row: which events a row fits, remembered, so that a changed cell costs one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rules_export.evaluation.matcher import Matcher
from rules_export.ruleset.model import Rule, RuleException
from studio.lab.compiled import CannotRunError, compile_rule
from studio.lab.results import Sample

#: Rows whose matchers are remembered; a large table has a thousand.
_ROWS = 4096
#: A condition that every event meets, to hang an exception on.
_ANY = "evt.num exists"

#: Up to this percentage of events of ordinary life an exception is called so.
_WORDS = ((0, "narrow"), (5, "fairly narrow"), (20, "broad"), (100, "very broad"))


@dataclass(frozen=True, slots=True)
class Breadth:
    """How much an exception fits, whatever its rule looks for: `fits` of `tried` events of ordinary life."""

    fits: int
    tried: int

    @property
    def percent(self) -> int:
        """Of the events, rounded up: one event is never nothing."""
        return -(-100 * self.fits // self.tried) if self.tried else 0

    @property
    def words(self) -> str:
        """The score for a person."""
        return next(word for limit, word in _WORDS if self.percent <= limit)

    @property
    def is_broad(self) -> bool:
        """Whether it deserves a second look."""
        return self.percent > _WORDS[1][0]


def alone(rule: Rule, exception: RuleException) -> Rule:
    """A rule of nothing but this exception, in the rule's surroundings."""
    return replace(
        rule, name="", condition=_ANY, output="", desc="", priority="", tags=(), enabled=True, exceptions=(exception,)
    )


@lru_cache(maxsize=_ROWS)
def matcher(single: Rule) -> Matcher | None:
    """When the only exception of this rule (see `alone`) silences; None where it cannot be read."""
    try:
        found = compile_rule(single).exceptions
    except CannotRunError:
        return None
    return found[0][1] if found else None


def fitting(single: Rule, samples: Sequence[Sample]) -> Iterator[int]:
    """The places of the samples that it fits."""
    found = matcher(single)
    if found is None:
        return
    decides = found.decides
    for place, one in enumerate(samples):
        if not one.trouble and decides(one.fields):
            yield place
