"""A team's macro or list as a frozen value, and all of a team's together: what a text needs of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from rules_export.catalog.macros import LISTS, words
from rules_export.definitions.closure import same_condition, tree_of
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
class RuleSetTerms:
    """The macros and lists of an imported rule set, by name. words: the words of its files that are none of its lists:
    they stay values whatever lists the team or the library has."""

    terms: Mapping[str, Term]
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Own:
    """All macros and lists of a team, by name.

    rule_sets: those of its imported rule sets, by the set's short name. shadowing: macros that come along wherever
    their name is a word, so that no list of that name from elsewhere takes its place.
    """

    terms: Mapping[str, Term] = field(default_factory=dict)
    rule_sets: Mapping[str, RuleSetTerms] = field(default_factory=dict)
    shadowing: frozenset[str] = frozenset()
    _scopes: dict[str, Own] = field(default_factory=dict, compare=False, repr=False)

    def within(self, rule_set: str) -> Own:
        """What a rule of that rule set may name: the set's macros and lists before the team's. A word of its files that
        is a list elsewhere is brought as a list of itself, which leaves it a value."""
        found = self.rule_sets.get(rule_set)
        if found is None:
            return self
        if rule_set not in self._scopes:
            lists = LISTS.keys() | {name for name, one in self.terms.items() if one.kind == LIST}
            literal = {
                name: Term(LIST, name, items=(name,)) for name in sorted((found.words & lists) - found.terms.keys())
            }
            shadowing = frozenset(name for name in lists & found.terms.keys() if found.terms[name].kind == MACRO)
            terms = MappingProxyType({**self.terms, **literal, **found.terms})
            self._scopes[rule_set] = Own(terms, shadowing=shadowing)
        return self._scopes[rule_set]

    def closure(self, conditions: Iterable[str], values: Iterable[str] = ()) -> tuple[Term, ...]:
        """What these conditions, and these values of exceptions, need, each after those that it needs itself. A circle
        comes in some order."""
        if not self.terms:
            return ()
        roots = {name for text in conditions for name in self.named_in(text)} | self.listed_in(values)
        return self._below(roots)

    def _below(self, roots: Iterable[str]) -> tuple[Term, ...]:
        found: dict[str, Term] = {}
        waiting, seen = [(name, False) for name in sorted(roots, reverse=True)], set[str]()
        while waiting:
            name, ready = waiting.pop()
            if ready:
                found[name] = self.terms[name]
            elif name not in seen:
                seen.add(name)
                waiting.append((name, True))
                waiting += [(one, False) for one in sorted(self.needs(self.terms[name]), reverse=True)]
        return tuple(found.values())

    def needs(self, term: Term) -> frozenset[str]:
        """The names of those that a macro or list names itself."""
        named = self.named_in(term.condition) if term.kind == MACRO else self.listed_in(term.items)
        return named - {term.name} if term.kind == LIST else named

    def named_in(self, condition: str) -> frozenset[str]:
        """The names that a condition uses: macros that it calls, lists that Falco would put in place of a word."""
        calls = _calls(condition)
        return frozenset(
            name
            for name in _named(condition) & self.terms.keys()
            if self.terms[name].kind == LIST or calls is None or name in calls or name in self.shadowing
        )

    def listed_in(self, values: Iterable[str]) -> frozenset[str]:
        """The lists that these values name."""
        found = frozenset[str]().union(*map(_named, values)) & self.terms.keys()
        return frozenset(name for name in found if self.terms[name].kind == LIST or name in self.shadowing)

    @cached_property
    def everything(self) -> tuple[Term, ...]:
        """All of them, each after those that it needs."""
        return self._below(self.terms)

    def dependents(self, name: str) -> frozenset[str]:
        """The names of those that need `name`, directly or by another."""
        found, waiting = set[str](), [name]
        while waiting:
            wanted = waiting.pop()
            above = {one.name for one in self.terms.values() if wanted in self.needs(one)} - found - {name}
            found |= above
            waiting += above
        return frozenset(found)

    def changed(self, *terms: Term, without: str = "") -> Own:
        """The same with these terms, and without the one of that name."""
        kept = {name: term for name, term in self.terms.items() if name != without}
        return Own(MappingProxyType({**kept, **{one.name: one for one in terms}}), self.rule_sets)


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
