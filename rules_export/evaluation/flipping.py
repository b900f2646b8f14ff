"""The smallest change of an event that would turn a condition's answer: "proc.name is rmdir, not rm".

A search over sets of checks that would have to come out otherwise, the fewest fields first. A set for which values are
found that really turn the whole condition wins; where none is found, the cheapest set is told without values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import product
from typing import Any

from rules_export.evaluation.candidates import asked
from rules_export.evaluation.event import Event, key_of
from rules_export.evaluation.matcher import Matcher
from rules_export.evaluation.sample import Search, Wish
from rules_export.language.ast import And, Compare, Identifier, Node, Not, Or
from rules_export.language.printer import to_text
from rules_export.language.visitor import fields_used

#: Sets of checks that are kept on the way, and the longest of them.
_MOST_SETS = 12
_MOST_CHECKS = 24
_LONGEST = 80
#: Fields that say which event it is: a change of them is another event, so they are changed last.
_DEAR = ("evt.type", "evt.dir", "evt.source")

Wishes = tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One field: its value in the event (`known`: whether the event says it) and one with which the answer turns.

    other: `then` is only one of many, for what counts is that the value is not the present one.
    """

    field: str
    now: Any
    then: Any
    known: bool = True
    other: bool = False

    @property
    def says(self) -> str:
        """In words."""
        if not self.known:
            return f"{self.field} is not known; it could be {_shown(self.then)}"
        if self.other or self.then is None:
            return f"{self.field} is {_shown(self.now)}; another value would turn it"
        if self.now is None:
            return f"{self.field} has no value, not {_shown(self.then)}"
        return f"{self.field} is {_shown(self.now)}, not {_shown(self.then)}"


@dataclass(frozen=True, slots=True)
class Flip:
    """What would turn the answer. matched: the answer now. checks: texts of the checks that would come out otherwise.

    changes: values that turn it, tried; empty where none were found, and then `checks` is all that is known.
    """

    matched: bool
    checks: tuple[str, ...]
    changes: tuple[Change, ...] = ()

    @property
    def says(self) -> str:
        """In one line."""
        if self.changes:
            return "; ".join(change.says for change in self.changes)
        return "; ".join(self.checks)


def smallest_flip(matcher: Matcher, event: Event) -> Flip | None:
    """The smallest change found for a normalised event; None where the condition is too large or nothing turns it."""
    matched = matcher.decides(event)
    try:
        sets = _Sets(matcher, event).of(matcher.whole, not matched)
    except RecursionError:
        return None
    if matched is False and not matcher.kinds.allow(event.get("evt.type")):
        return Flip(False, (f"evt.type is {_shown(event.get('evt.type'))}: Falco never runs this condition on it",))
    if not sets or sets == [()]:
        return None
    for wishes in sets:
        changed = Search(matcher.compiler, dict(event)).event(wishes)
        if changed is not None and matcher.decides(changed) is not matched:
            return Flip(matched, _texts(wishes), _changes(event, changed, wishes))
    return Flip(matched, _texts(sets[0]))


@dataclass(frozen=True, slots=True)
class _Sets:
    matcher: Matcher
    event: Event
    seen: dict[str, float] = field(default_factory=dict)

    def of(self, node: Node, wanted: bool) -> list[Wishes]:
        """The cheapest sets of checks to turn so that `node` comes out as wanted; one empty set where it does now."""
        match node:
            case Not(arg):
                return self.of(arg, not wanted)
            case And(args) | Or(args):
                parts = [self.of(arg, wanted) for arg in args]
                return self._all(parts) if wanted is isinstance(node, And) else self._any(parts)
            case Identifier():
                return []
            case _:
                holds = self.matcher.compiler.check(node).decide(self.event)
                return [()] if holds is wanted else [((node, wanted),)]

    def _any(self, parts: list[list[Wishes]]) -> list[Wishes]:
        return self._best(wishes for part in parts for wishes in part)

    def _all(self, parts: list[list[Wishes]]) -> list[Wishes]:
        found: list[Wishes] = [()]
        for part in sorted(parts, key=len):
            if part != [()]:
                found = self._best(one + other for one, other in product(found, part))
        return found

    def _best(self, sets: Iterable[Wishes]) -> list[Wishes]:
        ranked = sorted((self._cost(one), number, one) for number, one in enumerate(sets) if len(one) <= _MOST_CHECKS)
        kept = [one for _, _, one in ranked]
        return [()] if kept and not kept[0] else kept[:_MOST_SETS]

    def _cost(self, wishes: Wishes) -> tuple[float, ...]:
        """Fewer fields, then fields that may change, then fewer checks, then values that are alike."""
        keys = {key_of(one) for node, _ in wishes for one in fields_used(node)}
        return (
            len(keys),
            sum(key in _DEAR for key in keys),
            sum(key not in self.event for key in keys),
            len(wishes),
            sum(self._strangeness(wish) for wish in wishes),
        )

    def _strangeness(self, wish: Wish) -> float:
        """How unlike the present values are what the check names, from 0 to 1."""
        node = wish[0]
        text = to_text(node)[:200]
        if text not in self.seen:
            values = [str(self.event.get(key_of(one)) or "")[:200] for one in fields_used(node)]
            names = (asked(node) or ("", "", ()))[2][:20] if isinstance(node, Compare) else ()
            alike = (SequenceMatcher(None, value, name[:200]).ratio() for value in values for name in names)
            self.seen[text] = 1 - max(alike, default=0.0)
        return self.seen[text]


def _texts(wishes: Wishes) -> tuple[str, ...]:
    return tuple(f"{'' if wanted else 'not '}{_short(to_text(node))}" for node, wanted in wishes)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], wishes: Wishes) -> tuple[Change, ...]:
    """asked: fields of which the wishes name a value; of the others they only refuse one."""
    asked = {
        key_of(one)
        for node, wanted in wishes
        if wanted != (isinstance(node, Compare) and node.op == "!=")
        for one in fields_used(node)
    }
    return tuple(
        Change(key, before.get(key), value, key in before, key not in asked)
        for key, value in after.items()
        if key not in before or before[key] != value
    )


def _shown(value: Any) -> str:
    if value is None:
        return "no value"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return _short("(" + ", ".join(map(str, value)) + ")")
    return _short(str(value)) or '""'


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
