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
from rules_export.ruleset.model import Entry, Item, List, Macro, Rule


@dataclass(frozen=True, slots=True)
class Name:
    """A name as that of a macro, or as that of a list: Falco keeps the two apart."""

    kind: type[Macro] | type[List]
    text: str


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
        own = own_macros.keys() | own_lists.keys()
        return cls(
            {name: Macro(name, one.condition) for name, one in MACROS.items() if name not in own} | own_macros,
            {name: List(name, one.items) for name, one in LISTS.items() if name not in own} | own_lists,
            frozenset(upstream - own),
        )

    def named(self, text: str) -> list[Name]:
        """The macros that a condition calls, then the lists that Falco would put in place of a word of it."""
        tree = tree_of(text)
        macros = dict.fromkeys(identifiers(tree) if tree is not None else ())
        return [Name(Macro, name) for name in macros if name in self.macros] + self.listed([text])

    def listed(self, texts: Iterable[str]) -> list[Name]:
        """The lists that Falco would put in place of a word of these values."""
        found = frozenset[str]().union(*map(words, texts))
        return [Name(List, name) for name in self.lists if name in found]

    def needs(self, item: Item) -> list[Name]:
        """The macros and lists that a rule, a macro or a list names itself."""
        match item:
            case Rule():
                return self.named(item.condition) + self.listed(values_of(item))
            case Macro():
                return self.named(item.condition)
            case List():
                return [Name(List, one) for one in dict.fromkeys(item.items) if one in self.lists and one != item.name]

    def item(self, name: Name) -> Macro | List:
        """What the name stands for."""
        return self.macros[name.text] if name.kind is Macro else self.lists[name.text]

    def trees(self) -> dict[str, Node]:
        """The macros' conditions as trees, without those that do not parse."""
        return {name: tree for name, macro in self.macros.items() if (tree := tree_of(macro.condition)) is not None}


@dataclass(frozen=True, slots=True)
class Definitions:
    """Macros and lists, each name once."""

    macros: tuple[Macro, ...] = ()
    lists: tuple[List, ...] = ()


def closure(rules: Iterable[Rule], vocabulary: Vocabulary, stop: frozenset[str] = frozenset()) -> Definitions:
    """What these rules need, without the names in `stop` and what only those need, in an order in which a file may
    define them.

    Macros that need each other in a circle come in some order: Falco refuses them in any.
    """
    found: dict[Name, Macro | List] = {}
    roots = [name for rule in rules for name in vocabulary.needs(rule)]
    waiting, seen = [(name, False) for name in reversed(roots)], set[Name]()
    while waiting:
        name, ready = waiting.pop()
        if ready:
            found[name] = vocabulary.item(name)
        elif name not in seen and name.text not in stop:
            seen.add(name)
            waiting.append((name, True))
            waiting += [(other, False) for other in reversed(vocabulary.needs(vocabulary.item(name)))]
    macros = tuple(one for one in found.values() if isinstance(one, Macro))
    return Definitions(macros, tuple(one for one in found.values() if isinstance(one, List)))


@lru_cache(maxsize=4096)
def tree_of(condition: str) -> Node | None:
    """The condition's tree, or None where it does not parse (by itself: a list in it may be missing)."""
    try:
        return parse(condition)
    except ConditionSyntaxError:
        return None


def same_condition(one: str, other: str) -> bool:
    """Whether two texts are one condition, however they are laid out."""
    if one == other:
        return True
    trees = tree_of(one), tree_of(other)
    return trees[0] is not None and trees[0] == trees[1]


def texts_of(rule: Rule) -> list[str]:
    """The texts of a rule in which macros and lists may be named."""
    return [rule.condition, *values_of(rule)]


def values_of(rule: Rule) -> list[str]:
    """The values of a rule's exceptions, which may name lists and no macros."""
    return [text for one in rule.exceptions for text in _texts(one.values)]


def _texts(entry: Entry) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    return [text for one in entry or () for text in _texts(one)]
