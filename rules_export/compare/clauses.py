"""What changed in a condition, clause by clause: added, removed, widened, narrowed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product

from rules_export.compare.change import Change, Effect
from rules_export.compare.entailing import entails, put_in
from rules_export.definitions.closure import tree_of
from rules_export.language.ast import And, Compare, Node, Not, Or, ValueList
from rules_export.language.printer import to_text
from rules_export.lints.context import inner, members
from rules_export.ruleset.model import List, Macro

Brought = tuple[Macro | List, ...]

#: Pairs of clauses that are held against each other to find which became which: by their looks, and by what they match.
MOST_ALIKE, MOST_PAIRS = 10_000, 100


def condition_changes(old: str, new: str, brought: tuple[Brought, Brought] = ((), ())) -> Iterator[Change]:
    """All changes from `old` to `new`; brought: the macros and lists that each means by their names."""
    before, after = tree_of(old), tree_of(new)
    if before is None or after is None:
        if old != new:
            yield Change("condition", old, new, Effect.OTHER, "The condition changed.")
    elif before != after:
        chain = _ALTERNATIVES if isinstance(before, Or) or isinstance(after, Or) else _CLAUSES
        found = list(_members(before, after, chain, brought))
        ways = {one.effect for one in found}
        if Effect.OTHER in ways or ways >= {Effect.MORE, Effect.FEWER}:
            whole = [put_in(tree, one) for tree, one in zip((before, after), brought, strict=True)]
            if breadth(*whole) is Effect.SAME:
                says = "The condition is written otherwise and matches the same events."
                found = [Change("condition", to_text(before), to_text(after), Effect.SAME, says)]
        yield from found


def breadth(before: Node, after: Node) -> Effect:
    """What putting `after` in the place of `before` does; OTHER where it cannot be told."""
    wider, narrower = entails(before, after), entails(after, before)
    if wider and narrower:
        return Effect.SAME
    return Effect.MORE if wider else Effect.FEWER if narrower else Effect.OTHER


@dataclass(frozen=True, slots=True)
class _Chain:
    """A kind of chain, what its members are called, and what adding one does."""

    kind: type[And] | type[Or]
    what: str
    adding: Effect

    def of(self, node: Node) -> list[Node]:
        return list(members(node)) if isinstance(node, self.kind) else [node]


_CLAUSES = _Chain(And, "clause", Effect.FEWER)
_ALTERNATIVES = _Chain(Or, "alternative", Effect.MORE)


def _members(before: Node, after: Node, chain: _Chain, brought: tuple[Brought, Brought]) -> Iterator[Change]:
    """The members of two chains that only one of them has; one that became another counts as one change."""
    olds, news = chain.of(before), chain.of(after)
    known = frozenset(olds), frozenset(news)
    gone = {id(one): one for one in olds if one not in known[1]}
    come = {id(one): one for one in news if one not in known[0]}
    for find, pairs, most in (
        (_list_change, _all, MOST_ALIKE),
        (_inside, _alike, MOST_ALIKE),
        (_wider_or_narrower, _all, MOST_PAIRS),
    ):
        for one, other in islice(pairs([*gone.values()], [*come.values()]), most):
            if id(one) in gone and id(other) in come and (changes := find(one, other, chain, brought)):
                del gone[id(one)], come[id(other)]
                yield from changes
    for one in gone.values():
        says = f"The {chain.what} `{to_text(one)}` is gone."
        yield Change("condition", to_text(one), "", chain.adding.contrary, says)
    for one in come.values():
        yield Change("condition", "", to_text(one), chain.adding, f"The {chain.what} `{to_text(one)}` is new.")
    if not gone and not come and [one for one in olds if one in news] != [one for one in news if one in olds]:
        says = f"The order of the {chain.what}s changed."
        yield Change("condition", to_text(before), to_text(after), Effect.SAME, says)


def _list_change(one: Node, other: Node, chain: _Chain, brought: tuple[Brought, Brought]) -> list[Change]:
    """The change where both are lists of values for one field, or both contraries of that."""
    if isinstance(one, Not) is not isinstance(other, Not):
        return []
    before, after = _listed(inner(one)), _listed(inner(other))
    if before is None or after is None or before[0] != after[0]:
        return []
    added = [item for item in after[1] if item not in before[1]]
    removed = [item for item in before[1] if item not in after[1]]
    told = [f"{', '.join(added)} {'is' if len(added) == 1 else 'are'} new"] if added else []
    told += [f"{', '.join(removed)} {'is' if len(removed) == 1 else 'are'} gone"] if removed else []
    effect = Effect.OTHER if added and removed else Effect.MORE if added else Effect.FEWER if removed else Effect.SAME
    sign = "not " if isinstance(one, Not) else ""
    says = f"In `{sign}{before[0]} in (…)` {' and '.join(told) or 'the order changed'}."
    return [Change("condition", to_text(one), to_text(other), effect.contrary if sign else effect, says)]


def _listed(node: Node) -> tuple[str, tuple[str, ...]] | None:
    """The left side and the items of `left in (…)`."""
    if isinstance(node, Compare) and node.op == "in" and isinstance(node.right, ValueList):
        return to_text(node.left), node.right.items
    return None


def _all(gone: list[Node], come: list[Node]) -> Iterator[tuple[Node, Node]]:
    return product(gone, come)


def _alike(gone: list[Node], come: list[Node]) -> Iterator[tuple[Node, Node]]:
    """Pairs of chains of one kind that have half of their members or more in common."""
    parts = {id(one): frozenset(one.args) for one in (*gone, *come) if isinstance(one, And | Or)}
    for one, other in _all(gone, come):
        if type(one) is type(other) and id(one) in parts:
            before, after = parts[id(one)], parts[id(other)]
            if 2 * len(before & after) >= min(len(before), len(after)):
                yield one, other


def _inside(one: Node, other: Node, chain: _Chain, brought: tuple[Brought, Brought]) -> list[Change]:
    """The changes within two chains of one kind, which is not that of the chain that they stand in."""
    below = _CLAUSES if chain is _ALTERNATIVES else _ALTERNATIVES
    if not isinstance(one, below.kind):
        return []
    where = f"In `{to_text(one.args[0])} {'and' if below is _CLAUSES else 'or'} …`: "
    changes = _members(one, other, below, brought)
    return [
        each if each.says.startswith("In `") else replace(each, says=f"{where}{each.says[:1].lower()}{each.says[1:]}")
        for each in changes
    ]


def _wider_or_narrower(one: Node, other: Node, chain: _Chain, brought: tuple[Brought, Brought]) -> list[Change]:
    """The change where the one surely matches all that the other does."""
    effect = breadth(put_in(one, brought[0]), put_in(other, brought[1]))
    if effect is Effect.OTHER:
        return []
    before, after = to_text(one), to_text(other)
    words = {Effect.MORE: "is widened to", Effect.FEWER: "is narrowed to", Effect.SAME: "is written otherwise:"}
    return [Change("condition", before, after, effect, f"The {chain.what} `{before}` {words[effect]} `{after}`.")]
