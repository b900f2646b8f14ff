"""Walking and rebuilding trees. Nothing here recurses, so that macros within macros may nest as deep as they like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar, cast

from rules_export.language.ast import (
    And,
    Compare,
    Exists,
    Field,
    Identifier,
    Node,
    Not,
    Operand,
    Or,
    Transformer,
    TransformerList,
)

S = TypeVar("S")
T = TypeVar("T")
Any_ = Node | Operand


def children(node: Any_) -> tuple[Any_, ...]:
    """The nodes directly below `node`, left to right, operands included."""
    below = _CHILDREN.get(type(node))
    return below(node) if below is not None else ()


_args = attrgetter("args")
_CHILDREN: dict[type, Callable[[Any], tuple[Any_, ...]]] = {
    And: _args,
    Or: _args,
    Transformer: _args,
    TransformerList: _args,
    Not: lambda node: (node.arg,),
    Exists: lambda node: (node.left,),
    Compare: attrgetter("left", "right"),
}


def walk(node: Any_) -> Iterator[Any_]:
    """All nodes from `node` down, parents first, left to right: the order in which Falco checks them."""
    waiting: list[Any_] = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def leaves(node: Node) -> list[Compare | Exists | Identifier]:
    """The checks and macros of a condition, left to right."""
    found: list[Compare | Exists | Identifier] = []
    waiting: list[Node] = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, And | Or):
            waiting.extend(reversed(node.args))
        elif isinstance(node, Not):
            waiting.append(node.arg)
        else:
            found.append(node)
    return found


def fold(node: S, build: Callable[[S, list[T]], T], below: Callable[[S], Sequence[S]] | None = None) -> T:
    """Compute a value from the leaves up: `build` gets a node and the values of what is `below` it (its children)."""
    if below is None:
        below = cast("Callable[[S], Sequence[S]]", children)
    results: list[T] = []
    waiting: list[tuple[S, int]] = [(node, -1)]
    while waiting:
        node, mark = waiting.pop()
        if mark < 0:
            nodes = below(node)
            if nodes:
                waiting.append((node, len(results)))
                waiting.extend((child, -1) for child in reversed(nodes))
                continue
            mark = len(results)
        values = results[mark:]
        del results[mark:]
        results.append(build(node, values))
    return results[0]


def rebuild(node: Any_, parts: Sequence[Any_]) -> Any_:
    """The same node with other children; the node itself where they are the same objects."""
    if all(old is new for old, new in zip(children(node), parts, strict=True)):
        return node
    changed = cast("tuple[Node, ...]", tuple(parts))
    match node:
        case And(_, p):
            return And(changed, p)
        case Or(_, p):
            return Or(changed, p)
        case Not(_, p):
            return Not(changed[0], p)
        case Exists(_, p):
            return Exists(cast("Field | Transformer", parts[0]), p)
        case Compare(_, op, _, p):
            left, right = parts
            return Compare(cast("Field | Transformer", left), op, cast("Field", right), p)
        case Transformer(name, _, arg, p):
            return Transformer(name, cast("tuple[Field, ...]", changed), arg, p)
        case TransformerList(_, p):
            return TransformerList(cast("tuple[Field, ...]", changed), p)
        case _:
            return node


def transform(node: Node, change: Callable[[Any_], Any_]) -> Node:
    """A tree in which every node, from the leaves up, was handed to `change`; parts that stay are shared."""
    return cast("Node", fold(node, lambda one, parts: change(rebuild(one, parts))))


def fields_used(node: Any_) -> list[Field]:
    """Every field that stands in the tree, left to right, repetitions included; macros are not looked into."""
    return [one for one in walk(node) if isinstance(one, Field)]


def identifiers(node: Any_) -> list[str]:
    """The names of the macros that the tree calls, left to right, repetitions included."""
    return [one.name for one in walk(node) if isinstance(one, Identifier)]


def expand(node: Node, macros: Mapping[str, Node]) -> Node:
    """Put the trees of `macros` (already expanded themselves) in place of their names; unknown names stay.

    A macro's tree is taken as one part, as if in parentheses, and is shared, not copied: nodes keep the `p` they have
    in the macro's own text.
    """

    def one(part: Any_) -> Any_:
        return macros.get(part.name, part) if isinstance(part, Identifier) else part

    return transform(node, one)
