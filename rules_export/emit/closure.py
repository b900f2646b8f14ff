"""Which macros and lists a set of rules needs, each after those that it needs itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules_export.catalog.macros import LISTS, MACROS, words
from rules_export.errors import ConditionSyntaxError
from rules_export.language.ast import Node
from rules_export.language.parser import parse
from rules_export.language.visitor import identifiers
from rules_export.ruleset.model import Entry, List, Macro, Rule


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The macros and lists that rules may name: a team's own before the library's.

    upstream: names that the rules files which are loaded before ours define, so that they need no definition of ours.
    """

    macros: Mapping[str, Macro]
    lists: Mapping[str, List]
    upstream: frozenset[str] = frozenset()

    @classmethod
    def of(cls, macros: Iterable[Macro], lists: Iterable[List], upstream_files: Iterable[str]) -> Vocabulary:
        """The library, with these macros and lists of one's own, over these rules files of the Falco project."""
        own_macros, own_lists = {one.name: one for one in macros}, {one.name: one for one in lists}
        upstream_files = frozenset(upstream_files)
        upstream = {name for name, one in MACROS.items() if one.upstream_file in upstream_files}
        upstream |= {name for name, one in LISTS.items() if one.upstream_file in upstream_files}
        return cls(
            {name: Macro(name, one.condition) for name, one in MACROS.items()} | own_macros,
            {name: List(name, one.items) for name, one in LISTS.items()} | own_lists,
            frozenset(upstream - set(own_macros) - set(own_lists)),
        )

    def named(self, text: str) -> list[str]:
        """The macros that a condition calls, then the lists that Falco would put in place of a word of it."""
        tree = tree_of(text)
        macros = dict.fromkeys(identifiers(tree) if tree is not None else ())
        found = words(text)
        return [name for name in macros if name in self.macros] + [name for name in self.lists if name in found]

    def texts(self, name: str) -> list[str]:
        """What stands in the macro and in the list of that name."""
        texts = [self.macros[name].condition] if name in self.macros else []
        return texts + ([", ".join(self.lists[name].items)] if name in self.lists else [])

    def trees(self) -> dict[str, Node]:
        """The macros' conditions as trees, without those that do not parse."""
        return {name: tree for name, macro in self.macros.items() if (tree := tree_of(macro.condition)) is not None}


@dataclass(frozen=True, slots=True)
class Closure:
    """Macros and lists in an order in which a file may define them."""

    macros: tuple[Macro, ...]
    lists: tuple[List, ...]


def closure(rules: Iterable[Rule], vocabulary: Vocabulary, stop: frozenset[str] = frozenset()) -> Closure:
    """What these rules need, without the names in `stop` and what only those need.

    Macros that need each other in a circle come in some order: Falco refuses them in any.
    """
    macros: list[Macro] = []
    lists: list[List] = []
    roots = [name for rule in rules for text in texts_of(rule) for name in vocabulary.named(text)]
    waiting, seen = [(name, False) for name in reversed(roots)], set(stop)
    while waiting:
        name, ready = waiting.pop()
        if ready:
            if name in vocabulary.macros:
                macros.append(vocabulary.macros[name])
            if name in vocabulary.lists:
                lists.append(vocabulary.lists[name])
        elif name not in seen:
            seen.add(name)
            waiting.append((name, True))
            waiting += [(other, False) for text in vocabulary.texts(name) for other in reversed(vocabulary.named(text))]
    return Closure(tuple(macros), tuple(lists))


@lru_cache(maxsize=4096)
def tree_of(condition: str) -> Node | None:
    """The condition's tree, or None where it does not parse (by itself: a list in it may be missing)."""
    try:
        return parse(condition)
    except ConditionSyntaxError:
        return None


def texts_of(rule: Rule) -> list[str]:
    """The texts of a rule in which macros and lists may be named."""
    return [rule.condition, *(text for one in rule.exceptions for text in _texts(one.values))]


def _texts(entry: Entry) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    return [text for one in entry or () for text in _texts(one)]
