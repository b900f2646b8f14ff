"""How well each technique is covered: rules by how far they are, and what the library could begin with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How far a rule is, the furthest first. Falco does not run a disabled rule, so it covers nothing."""

    APPROVED = "approved"
    IN_REVIEW = "in_review"
    DRAFT = "draft"
    DISABLED = "disabled"

    @property
    def covers(self) -> bool:
        """Whether a rule of this standing counts as coverage."""
        return self is not Standing.DISABLED


@dataclass(frozen=True, slots=True)
class CoveringRule:
    """A rule by its name, how far it is, and the techniques that it names."""

    name: str
    standing: Standing
    techniques: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands against one technique. A technique has what its sub-techniques have, and not the other way round."""

    rules: tuple[CoveringRule, ...] = ()
    behaviours: int = 0

    def count(self, standing: str) -> int:
        """Rules that are just that far."""
        return sum(rule.standing == standing for rule in self.rules)

    @property
    def is_covered(self) -> bool:
        """Whether a rule that counts names the technique."""
        return any(rule.standing.covers for rule in self.rules)

    @property
    def level(self) -> str:
        """The standing of the furthest rule; `possible` where only the library has something, `nothing` else."""
        found = next((standing for standing in Standing if self.count(standing)), None)
        return str(found) if found else "possible" if self.behaviours else "nothing"

    @property
    def words(self) -> str:
        """The same for a reader: "2 approved, 1 draft"."""
        counts = [(self.count(standing), LEVELS[standing].short) for standing in Standing]
        if told := ", ".join(f"{count} {word}{_s(count, word)}" for count, word in counts if count):
            return told
        return f"{self.behaviours} behaviour{'s' if self.behaviours != 1 else ''}" if self.behaviours else "nothing"


@dataclass(frozen=True, slots=True)
class Level:
    """A level in words: in a cell, in the legend, and what it means."""

    short: str
    title: str
    meaning: str


LEVELS: Mapping[str, Level] = {
    Standing.APPROVED: Level("approved", "Approved", "A rule that reviewers approved names the technique."),
    Standing.IN_REVIEW: Level("in review", "In review", "A rule was handed in and waits for a decision."),
    Standing.DRAFT: Level("draft", "Draft", "Somebody is writing a rule."),
    Standing.DISABLED: Level("disabled", "Disabled", "All rules for the technique are disabled. They do not count."),
    "possible": Level("behaviours", "Can begin", "No rule yet; there are behaviours to begin with."),
    "nothing": Level("nothing", "Nothing", "No rule, and no behaviour."),
}


def marks(rules: Iterable[CoveringRule], behaviours: Mapping[str, Iterable[str]]) -> dict[str, Mark]:
    """Technique → its mark. behaviours: technique → their ids. Techniques without anything are not in it."""
    covering: dict[str, list[CoveringRule]] = defaultdict(list)
    for rule in rules:
        for technique in _with_parents(rule.techniques):
            covering[technique].append(rule)
    known: dict[str, set[str]] = defaultdict(set)
    for technique, ids in behaviours.items():
        for one in _with_parents({technique}):
            known[one].update(ids)
    return {one: Mark(tuple(covering[one]), len(known[one])) for one in {*covering, *known}}


def _with_parents(techniques: Iterable[str]) -> set[str]:
    named = set(techniques)
    return named | {one.partition(".")[0] for one in named}


def _s(count: int, word: str) -> str:
    return "s" if word == "draft" and count != 1 else ""
