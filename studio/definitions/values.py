"""A team's macro or list as a frozen value, and all of a team's together: what a text needs of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from rules_export.catalog.macros import words
from rules_export.emit.closure import tree_of
from rules_export.emit.difference import same_condition
from rules_export.language.visitor import identifiers
from rules_export.ruleset.model import List, Macro

MACRO, LIST = "macro", "list"
KINDS = (MACRO, LIST)


@dataclass(frozen=True, slots=True)
class Term:
    """A macro (`condition`) or a list (`items`) with its name and what it is for."""

    kind: str
    name: str
    condition: str = ""
    items: tuple[str, ...] = ()
    description: str = ""

    @property
    def item(self) -> Macro | List:
        """As a rules file defines it."""
        return Macro(self.name, self.condition) if self.kind == MACRO else List(self.name, self.items)

    @property
    def says(self) -> str:
        """Its definition as text: the condition, or one value a line."""
        return self.condition if self.kind == MACRO else "\n".join(self.items)

    @property
    def named(self) -> frozenset[str]:
        """The names in whose place Falco may put something: macros that it calls, words that may be lists."""
        return _named(self.condition) if self.kind == MACRO else frozenset(self.items)

    def same(self, other: Term) -> bool:
        """Whether both mean the same, whatever is said of them."""
        if self.kind != other.kind or self.name != other.name:
            return False
        return same_condition(self.condition, other.condition) and self.items == other.items


def to_json(terms: Iterable[Term]) -> list[dict[str, Any]]:
    """Terms as JSON, in their order."""
    return [
        {"kind": one.kind, "name": one.name, "description": one.description,
         **({"condition": one.condition} if one.kind == MACRO else {"items": list(one.items)})}
        for one in terms
    ]  # fmt: skip


def from_json(data: object) -> tuple[Term, ...]:
    """What `to_json` wrote."""
    found = data if isinstance(data, (list, tuple)) else ()
    return tuple(
        Term(
            LIST if one.get("kind") == LIST else MACRO,
            str(one.get("name", "")),
            str(one.get("condition", "")),
            tuple(str(item) for item in one.get("items", ())),
            str(one.get("description", "")),
        )
        for one in found
        if isinstance(one, Mapping)
    )


@dataclass(frozen=True)
class Own:
    """All macros and lists of a team, by name. `rule_sets`: those of its imported rule sets, by the set's short name."""

    terms: Mapping[str, Term] = field(default_factory=dict)
    rule_sets: Mapping[str, Mapping[str, Term]] = field(default_factory=dict)

    def within(self, rule_set: str) -> Own:
        """What a rule of that rule set may name: the set's macros and lists before the team's."""
        terms = self.rule_sets.get(rule_set)
        return Own(MappingProxyType({**self.terms, **terms})) if terms else Own(self.terms)

    def closure(self, texts: Iterable[str]) -> tuple[Term, ...]:
        """What these texts need, each after those that it needs itself. A circle comes in some order."""
        if not self.terms:
            return ()
        found: dict[str, Term] = {}
        roots = sorted({name for text in texts for name in self.named_in(text)}, reverse=True)
        waiting, seen = [(name, False) for name in roots], set[str]()
        while waiting:
            name, ready = waiting.pop()
            if ready:
                found[name] = self.terms[name]
            elif name not in seen:
                seen.add(name)
                waiting.append((name, True))
                below = sorted(self.terms[name].named & self.terms.keys(), reverse=True)
                waiting += [(one, False) for one in below]
        return tuple(found.values())

    def named_in(self, text: str) -> frozenset[str]:
        """The team's names that a condition, or a value of an exception, uses."""
        found = _named(text)
        calls = _calls(text)
        return frozenset(
            name
            for name in found & self.terms.keys()
            if self.terms[name].kind == LIST or calls is None or name in calls
        )

    @cached_property
    def everything(self) -> tuple[Term, ...]:
        """All of them, each after those that it needs."""
        return self.closure(self.terms)

    def dependents(self, name: str) -> frozenset[str]:
        """The names of those that need `name`, directly or by another."""
        found, waiting = set[str](), [name]
        while waiting:
            wanted = waiting.pop()
            above = {one.name for one in self.terms.values() if wanted in one.named} - found - {name}
            found |= above
            waiting += above
        return frozenset(found)

    def changed(self, *terms: Term, without: str = "") -> Own:
        """The same with these terms, and without the one of that name."""
        kept = {name: term for name, term in self.terms.items() if name != without}
        return Own(MappingProxyType({**kept, **{one.name: one for one in terms}}))


NOTHING = Own()


@lru_cache(maxsize=4096)
def _named(text: str) -> frozenset[str]:
    return words(text)


@lru_cache(maxsize=4096)
def _calls(text: str) -> frozenset[str] | None:
    """The macros that a condition calls; None where it does not parse."""
    tree = tree_of(text)
    return None if tree is None else frozenset(identifiers(tree))


def items_of(terms: Iterable[Term]) -> tuple[Macro | List, ...]:
    """As a rule brings them."""
    return tuple(one.item for one in terms)
