"""Changing a condition's tree, purely: each edit takes a tree and a path and gives a new tree.

A path is a tuple of child indices from the root, operands not counted: `()` is the root, `(1, 0)` the first member of
the root's second. Parts that stay are shared with the old tree, so keeping every step for undo costs little. No edit
leaves a chain of fewer than two members: such a chain gives way to its one member. Groups stay groups, so that a person
finds them where they were; `tidy` is there to dissolve those that mean nothing. A path that leads nowhere, or an edit
that would leave no condition at all, raises EditError with a sentence for people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, cast

from rules_export.errors import EngineError
from rules_export.language.ast import And, Compare, Exists, Identifier, Node, Not, Operand, Or
from rules_export.language.visitor import children, expand, transform, walk

Path = tuple[int, ...]
Connective = Literal["and", "or"]
Direction = Literal["up", "down", "in", "out"]
_CHAINS: dict[str, type[And] | type[Or]] = {"and": And, "or": Or}


class EditError(EngineError):
    """An edit that cannot be made; the text says why."""


def members(node: Node) -> tuple[Node, ...]:
    """The conditions directly below a node: none for a check or a macro."""
    return cast("tuple[Node, ...]", children(node)) if isinstance(node, And | Or | Not) else ()


def paths(tree: Node) -> list[tuple[Path, Node]]:
    """Every node with its path, parents first, left to right."""
    found: list[tuple[Path, Node]] = []
    waiting: list[tuple[Path, Node]] = [((), tree)]
    while waiting:
        path, node = waiting.pop()
        found.append((path, node))
        below = members(node)
        waiting.extend(((*path, index), below[index]) for index in reversed(range(len(below))))
    return found


def get(tree: Node, path: Path) -> Node:
    """The node at `path`."""
    node = tree
    for step in path:
        below = members(node)
        if not 0 <= step < len(below):
            raise EditError("There is no such place in this condition: it has changed meanwhile.")
        node = below[step]
    return node


def replace(tree: Node, path: Path, node: Node) -> Node:
    """Put `node` in place of the one at `path`."""
    return _change(tree, path, lambda _: node)


def insert(tree: Node, path: Path, node: Node, connective: Connective = "and") -> Node:
    """Put `node` at `path`, in front of what stands there; the last index may be one past the end.

    Where the parent is no chain (or `path` is the root), the node there and the new one become a `connective` chain.
    """
    if not path:
        return joined(connective, (tree, node))
    *above, index = path
    parent = get(tree, tuple(above))
    if not isinstance(parent, And | Or):
        return _change(tree, tuple(above), lambda old: joined(connective, (old, node)))
    if not 0 <= index <= len(parent.args):
        raise EditError("There is no such place in this condition: it has changed meanwhile.")
    return replace(tree, tuple(above), _with(parent, (*parent.args[:index], node, *parent.args[index:])))


def append(tree: Node, path: Path, node: Node, connective: Connective = "and") -> Node:
    """Add `node` as last member of the group at `path`; any other node becomes a `connective` group with it."""
    return _change(tree, path, lambda old: joined(connective, (old, node)))


def remove(tree: Node, path: Path) -> Node:
    """Take the node at `path` out. The last condition of all cannot be removed."""
    get(tree, path)
    while path:
        *above, index = path
        parent = get(tree, tuple(above))
        if isinstance(parent, And | Or):
            return replace(tree, tuple(above), _with(parent, parent.args[:index] + parent.args[index + 1 :]))
        path = tuple(above)  # what is negated goes with its `not`
    raise EditError("A rule needs a condition: the last one cannot be removed, only replaced.")


def duplicate(tree: Node, path: Path) -> Node:
    """Put a copy of the node at `path` behind it."""
    node = get(tree, path)
    if path and isinstance(get(tree, path[:-1]), And | Or):
        return insert(tree, (*path[:-1], path[-1] + 1), node)
    return replace(tree, path, And((node, node)))


def negate(tree: Node, path: Path) -> Node:
    """Turn the node at `path` into its contrary; what is negated already loses its `not`."""
    if path and isinstance(get(tree, path[:-1]), Not):
        return replace(tree, path[:-1], get(tree, path))
    return _change(tree, path, lambda old: old.arg if isinstance(old, Not) else Not(old))


def wrap(tree: Node, path: Path, connective: Connective, node: Node) -> Node:
    """Make the node at `path` and `node` a group of their own, even inside a chain of the same connective."""
    return _change(tree, path, lambda old: _CHAINS[connective]((old, node)))


def unwrap(tree: Node, path: Path) -> Node:
    """Dissolve the group at `path`: its members join the chain around it; a `not` goes, what it negated stays."""
    node = get(tree, path)
    if isinstance(node, Not):
        return replace(tree, path, node.arg)
    parent = get(tree, path[:-1]) if path else None
    if not isinstance(node, And | Or) or not isinstance(parent, And | Or):
        raise EditError("Only a group that stands inside a group can be dissolved.")
    index = path[-1]
    return replace(tree, path[:-1], _with(parent, (*parent.args[:index], *node.args, *parent.args[index + 1 :])))


def change_connective(tree: Node, path: Path, connective: Connective) -> Node:
    """Make the group at `path` an all-of (`and`) or any-of (`or`) group."""
    node = get(tree, path)
    if not isinstance(node, And | Or):
        raise EditError("Only a group is all-of or any-of.")
    return replace(tree, path, _CHAINS[connective](node.args, node.p))


def move(tree: Node, path: Path, direction: Direction) -> tuple[Node, Path]:
    """Move a node within or between groups; gives the new tree and where the node now is.

    up, down: past its neighbour. in: into the group that follows it, else the one before. out: behind the group in
    which it stands.
    """
    if not path:
        raise EditError("The whole condition has nowhere to move to.")
    parent_path, index = path[:-1], path[-1]
    parent, node = get(tree, parent_path), get(tree, path)
    if direction == "out":
        return _move_out(tree, path)
    if not isinstance(parent, And | Or):
        raise EditError("Only a member of a group can be moved.")
    if direction == "in":
        return _move_in(tree, path, parent)
    other = index - 1 if direction == "up" else index + 1
    if not 0 <= other < len(parent.args):
        raise EditError("It is at the end of its group already.")
    args = list(parent.args)
    args[index], args[other] = args[other], node
    return replace(tree, parent_path, type(parent)(tuple(args), parent.p)), (*parent_path, other)


def _move_in(tree: Node, path: Path, parent: And | Or) -> tuple[Node, Path]:
    parent_path, index = path[:-1], path[-1]
    for other in (index + 1, index - 1):
        if 0 <= other < len(parent.args) and isinstance(parent.args[other], And | Or):
            group = cast("And | Or", parent.args[other])
            break
    else:
        raise EditError("There is no group beside it to move into.")
    node = parent.args[index]
    args = (node, *group.args) if other > index else (*group.args, node)
    place = 0 if other > index else len(group.args)
    bigger = type(group)(args, group.p)
    rest = tuple(bigger if one is group else one for at, one in enumerate(parent.args) if at != index)
    at = other - 1 if other > index else other
    new = replace(tree, parent_path, _with(parent, rest))
    return new, (*parent_path, place) if len(rest) == 1 else (*parent_path, at, place)


def _move_out(tree: Node, path: Path) -> tuple[Node, Path]:
    parent_path = path[:-1]
    while parent_path and not isinstance(get(tree, parent_path[:-1]), And | Or):
        parent_path = parent_path[:-1]
    parent = get(tree, path[:-1])
    if not parent_path or not isinstance(parent, And | Or):
        raise EditError("It stands in the outermost group already.")
    node = get(tree, path)
    index = parent_path[-1]
    without = remove(tree, path)
    target = (*parent_path[:-1], index + 1)
    new = insert(without, target, node)
    return new, target


def add_alternative(tree: Node, clause: Node) -> Node:
    """Add `clause` to the top-level alternatives: `tree or clause`; unchanged where it is one of them already."""
    present = tree.args if isinstance(tree, Or) else (tree,)
    return tree if clause in present else Or((*present, *(clause.args if isinstance(clause, Or) else (clause,))))


def remove_alternative(tree: Node, clause: Node) -> Node:
    """Take `clause` out of the top-level alternatives; unchanged where it is none of them."""
    if not isinstance(tree, Or):
        if tree == clause:
            raise EditError("A rule needs a condition: the last one cannot be removed, only replaced.")
        return tree
    unwanted = clause.args if isinstance(clause, Or) else (clause,)
    rest = tuple(one for one in tree.args if one not in unwanted)
    if not rest:
        raise EditError("A rule needs a condition: the last one cannot be removed, only replaced.")
    return tree if len(rest) == len(tree.args) else _with(tree, rest)


def extract_macro(tree: Node, path: Path, name: str) -> tuple[Node, Node]:
    """Put the macro `name` in place of the node at `path`; gives the new tree and the macro's condition."""
    node = get(tree, path)
    return replace(tree, path, Identifier(name)), node


def inline_macro(tree: Node, path: Path, macros: Mapping[str, Node]) -> Node:
    """Put a macro's condition in place of its name at `path`."""
    node = get(tree, path)
    if not isinstance(node, Identifier) or node.name not in macros:
        raise EditError("There is no macro of ours here to put in.")
    return replace(tree, path, expand(node, macros))


def joined(connective: Connective, nodes: tuple[Node, ...]) -> Node:
    """The nodes as one chain; chains of the same connective among them are merged into it."""
    chain = _CHAINS[connective]
    args: list[Node] = []
    for node in nodes:
        args.extend(node.args if isinstance(node, chain) else (node,))
    return args[0] if len(args) == 1 else chain(tuple(args))


def tidy(tree: Node) -> Node:
    """The same condition without groups inside groups of the same kind, and without double negation."""

    def one(node: Node | Operand) -> Node | Operand:
        if isinstance(node, And | Or):
            return joined("and" if isinstance(node, And) else "or", node.args)
        return node.arg.arg if isinstance(node, Not) and isinstance(node.arg, Not) else node

    return transform(tree, one)


def checks(tree: Node) -> list[Compare | Exists]:
    """The checks of a tree, left to right."""
    return [node for node in walk(tree) if isinstance(node, Compare | Exists)]


def _with(chain: And | Or, args: tuple[Node, ...]) -> Node:
    """A chain with other members, or its one member alone."""
    return args[0] if len(args) == 1 else type(chain)(args, chain.p)


def _change(tree: Node, path: Path, change: Callable[[Node], Node]) -> Node:
    """Rebuild the way from the root to `path` around what `change` makes of the node there."""
    way = [tree]
    for step in path:
        below = members(way[-1])
        if not 0 <= step < len(below):
            raise EditError("There is no such place in this condition: it has changed meanwhile.")
        way.append(below[step])
    node = change(way.pop())
    for parent, step in zip(reversed(way), reversed(path), strict=True):
        if isinstance(parent, Not):
            node = Not(node, parent.p)
        else:
            chain = cast("And | Or", parent)
            node = type(chain)((*chain.args[:step], node, *chain.args[step + 1 :]), chain.p)
    return node
