"""Whether one condition surely matches only events that another one matches too. What it tells is never wrong; it does
not see everything."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rules_export.catalog.macros import LISTS, MACROS
from rules_export.definitions.closure import tree_of
from rules_export.language.ast import And, Compare, Node, Not, Or, Value, ValueList
from rules_export.language.visitor import expand, identifiers, transform, walk
from rules_export.lints.claims import follows, subject_of
from rules_export.lints.context import is_event_check, literals, members
from rules_export.ruleset.model import List, Macro

#: Comparisons with a list that hold for more events the more values it has.
GROWING = ("in", "intersects", "pmatch", "contains anyof", "startswith anyof", "endswith anyof")

#: Pairs of parts that are compared for one answer, and how deep it looks.
MOST_PAIRS, MOST_DEPTH = 1_000, 40

#: Parts of a condition once its macros are put in; larger ones keep their names.
MOST_PARTS = 5_000


def entails(one: Node, other: Node) -> bool:
    """Whether every event that `one` matches surely matches `other`."""
    return _Look().sure(one, other, MOST_DEPTH)


_LISTS = {name: one.items for name, one in LISTS.items()}
_MACROS = {name: one.condition for name, one in MACROS.items()}


@lru_cache(maxsize=512)
def put_in(tree: Node, brought: tuple[Macro | List, ...] = ()) -> Node:
    """The tree with the texts of its macros and lists in place of their names: those brought before the library's.

    Falco puts a list into a list once, so that one that names itself ends there.
    """
    lists = ChainMap({one.name: one.items for one in brought if isinstance(one, List)}, _LISTS)
    texts = ChainMap({one.name: one.condition for one in brought if isinstance(one, Macro)}, _MACROS)
    for _ in range(MOST_DEPTH):
        macros = {name: one for name in identifiers(tree) if (one := tree_of(texts.get(name, ""))) is not None}
        if (
            not macros
            or _parts(tree) + sum(_parts(macros[one]) for one in identifiers(tree) if one in macros) > MOST_PARTS
        ):
            break
        tree = expand(tree, macros)
    return transform(
        tree, lambda node: ValueList(_items(node.items, lists), node.p) if isinstance(node, ValueList) else node
    )


def _parts(tree: Node) -> int:
    return sum(1 for _ in walk(tree))


def _items(items: tuple[str, ...], lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The items, each list's in place of its name, every one once."""
    found: dict[str, None] = {}
    waiting, seen = list(reversed(items)), set[str]()
    while waiting:
        one = waiting.pop()
        if one in lists and one not in seen:
            seen.add(one)
            waiting.extend(reversed(lists[one]))
        elif one not in lists:
            found[one] = None
    return tuple(found)


@dataclass(slots=True)
class _Look:
    """One answer, with the pairs of parts that were compared for it."""

    seen: dict[tuple[int, int], bool] = field(default_factory=dict)
    kept: list[Node] = field(default_factory=list)

    def sure(self, one: Node, other: Node, depth: int) -> bool:
        key = (id(one), id(other))
        if key not in self.seen:
            if depth == 0 or len(self.seen) > MOST_PAIRS:
                return False
            self.kept += [one, other]  # so that no id is given again
            self.seen[key] = self._decide(_inward(one), _inward(other), depth - 1)
        return self.seen[key]

    def _decide(self, one: Node, other: Node, depth: int) -> bool:
        if one == other:
            return True
        if isinstance(one, Or):
            return all(self.sure(part, other, depth) for part in one.args)
        if isinstance(other, And):
            return all(self.sure(one, part, depth) for part in other.args)
        if isinstance(one, And) and any(self.sure(part, other, depth) for part in one.args):
            return True
        if isinstance(other, Or) and any(self.sure(one, part, depth) for part in other.args):
            return True
        if isinstance(one, Not) and isinstance(other, Not):
            return self.sure(other.arg, one.arg, depth)
        if members(one) or isinstance(one, Not) or isinstance(other, Not):
            return False
        if isinstance(other, Or):
            return any(self.sure(each, other, depth) for each in _one_by_one(one))
        return _grown(one, other) or (not _passes_by(other) and follows(other, [one]))


def _inward(node: Node) -> Node:
    """A negated chain as the other chain of negations."""
    if isinstance(node, Not) and isinstance(node.arg, And | Or):
        chain = Or if isinstance(node.arg, And) else And
        return chain(tuple(part.arg if isinstance(part, Not) else Not(part) for part in node.arg.args))
    return node


def _one_by_one(node: Node) -> list[Node]:
    """`x in (a, b)` as the alternatives `x = a or x = b`."""
    if not isinstance(node, Compare) or node.op != "in" or subject_of(node) is None:
        return []
    items = literals(node) if isinstance(node.right, ValueList) else ()
    return [Or(tuple(Compare(node.left, "=", Value(item)) for item in items))] if items else []


def _passes_by(node: Node) -> bool:
    """Whether it is `evt.type != …`, for which Falco passes by more events than the named ones."""
    return is_event_check(node) and isinstance(node, Compare) and node.op == "!="


def _grown(one: Node, other: Node) -> bool:
    """Whether the same list comparison has all of `one`'s values in `other`."""
    if not isinstance(one, Compare) or not isinstance(other, Compare) or one.op not in GROWING:
        return False
    if not isinstance(one.right, ValueList) or not isinstance(other.right, ValueList):
        return False
    return one.left == other.left and one.op == other.op and set(one.right.items) <= set(other.right.items)
