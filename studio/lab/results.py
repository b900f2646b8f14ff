"""What a rule did with its sample events, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rules_export.evaluation.normalising import EventError, normalise
from studio.lab.models import Expectation


@dataclass(frozen=True, slots=True)
class Sample:
    """An event to try, with what is expected of the rule. Make it with `sample`, which makes the fields ready.

    `origin`: where it comes from, in words for people. `trouble`: why its fields cannot be read, or nothing.
    """

    key: str
    name: str
    fields: Mapping[str, Any] = field(hash=False)
    expected: str = Expectation.MATCH
    origin: str = ""
    trouble: str = ""

    @property
    def is_attack(self) -> bool:
        """Whether the rule must fire."""
        return self.expected == Expectation.MATCH


def sample(
    key: str, name: str, fields: Mapping[str, Any], expected: str = Expectation.MATCH, origin: str = ""
) -> Sample:
    """A sample with its fields as the engine compares them; numbers may be given as texts."""
    try:
        return Sample(key, name, normalise(fields), str(expected), origin)
    except EventError as error:
        return Sample(key, name, {}, str(expected), origin, f"The event cannot be read: {error}.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rule did with one sample.

    matched: None where the event lacks a field that decides. clause: the part of the condition that decided, as text;
    path: where it stands in the tree; reason: why, in words. text and alert: what an analyst reads, when it fired.
    silenced_by: names of the exceptions that keep it silent.
    """

    sample: Sample
    matched: bool | None
    clause: str = ""
    path: tuple[int, ...] = ()
    reason: str = ""
    text: str = ""
    alert: Mapping[str, Any] = field(default_factory=dict, hash=False)
    silenced_by: tuple[str, ...] = ()

    @property
    def as_expected(self) -> bool:
        """Whether the rule did what it must. An event that cannot be told counts as silent, as Falco would."""
        return bool(self.matched) == self.sample.is_attack


@dataclass(frozen=True, slots=True)
class LabResult:
    """One run. `trouble` says why the rule could not be tried at all; then there are no outcomes.

    `ordinary`: events of ordinary life on which the rule fires, out of `ordinary_count`. Nobody promised that a rule
    stays silent on all of them: they measure its noise.
    """

    outcomes: tuple[Outcome, ...] = ()
    trouble: str = ""
    ordinary: tuple[Outcome, ...] = ()
    ordinary_count: int = 0

    @property
    def attacks(self) -> tuple[Outcome, ...]:
        """Outcomes of events that must fire."""
        return tuple(item for item in self.outcomes if item.sample.is_attack)

    @property
    def benign(self) -> tuple[Outcome, ...]:
        """Outcomes of events that must stay silent."""
        return tuple(item for item in self.outcomes if not item.sample.is_attack)

    @property
    def fired(self) -> int:
        """Attack events that fire."""
        return sum(1 for item in self.attacks if item.matched)

    @property
    def noise(self) -> int:
        """Benign events that fire all the same."""
        return sum(1 for item in self.benign if item.matched)

    @property
    def unseen(self) -> int:
        """Attack events that stay silent."""
        return len(self.attacks) - self.fired

    @property
    def per_thousand(self) -> float:
        """Events of ordinary life that fire, of a thousand."""
        return 1000 * len(self.ordinary) / self.ordinary_count if self.ordinary_count else 0.0

    @property
    def misses(self) -> tuple[Outcome, ...]:
        """Outcomes that are not as expected."""
        return tuple(item for item in self.outcomes if not item.as_expected)

    @property
    def unproven(self) -> tuple[str, ...]:
        """What is missing for the proof that the rule sees an attack and leaves ordinary work alone, as sentences."""
        if self.trouble:
            return ("The rule cannot be tried on events yet.",)
        found = []
        if not self.attacks:
            found.append("No attack event yet: keep one on which the rule must fire.")
        elif not self.fired:
            found.append(f"None of the attack events fires ({len(self.attacks)} tried).")
        if not self.benign:
            found.append("No benign event yet: keep one on which the rule must stay silent.")
        elif self.noise == len(self.benign):
            found.append(f"Every benign event fires ({self.noise} tried).")
        return tuple(found)

    @property
    def is_good(self) -> bool:
        """At least one attack event, and all outcomes as expected."""
        return bool(self.attacks) and not self.misses and not self.trouble
