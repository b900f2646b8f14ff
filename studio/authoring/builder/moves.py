"""What a button of the builder does to a condition: one function for each verb, looked up by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from rules_export.language import editing
from rules_export.language.ast import And, Identifier, Node, Not, Or
from rules_export.language.editing import Connective, Direction, EditError, Path
from rules_export.language.printer import to_text
from studio.authoring.builder import places, twins
from studio.definitions.lexicon import BUILT_IN, Lexicon


@dataclass(frozen=True, slots=True)
class State:
    """A condition as it stands in the builder: its tree (None for an empty one) and the chosen row (None for none)."""

    tree: Node | None
    at: Path | None = None


Verb = Callable[[Node, Path, str, Lexicon], State]

#: What a group may be, as its menu says it: the connective, and whether it is negated.
GROUPS: Mapping[str, tuple[type[And] | type[Or], bool]] = {
    "all": (And, False),
    "any": (Or, False),
    "none": (Or, True),
    "not-all": (And, True),
}
TITLES = {"all": "all of", "any": "any of", "none": "none of", "not-all": "not all of"}


def kind_of(node: Node) -> str:
    """Which of GROUPS a row is; "" for one that is no group."""
    inner = node.arg if isinstance(node, Not) else node
    kinds = [kind for kind, one in GROUPS.items() if one == (type(inner), isinstance(node, Not))]
    return kinds[0] if kinds else ""


def remove(tree: Node, path: Path, _: str, names: Lexicon) -> State:
    """Take a row out; the last one leaves an empty condition."""
    if not path:
        return State(None)
    rest, group = editing.remove(tree, path), editing.get(tree, path[:-1])
    if len(editing.members(group)) <= 2:  # the group gave way to the member that is left
        return State(rest, places.group_around(tree, path))
    return State(rest, (*path[:-1], max(0, path[-1] - 1)))


def duplicate(tree: Node, path: Path, _: str, names: Lexicon) -> State:
    """Put a copy behind a row."""
    return State(editing.duplicate(tree, path), (*path[:-1], path[-1] + 1) if path else (1,))


def negate(tree: Node, path: Path, _: str, names: Lexicon) -> State:
    """Turn a row into its contrary."""
    return State(editing.negate(tree, path), path)


def unwrap(tree: Node, path: Path, _: str, names: Lexicon) -> State:
    """Dissolve a group: its members join the group around it."""
    return State(editing.unwrap(tree, path), places.group_around(tree, path))


def move(tree: Node, path: Path, direction: str, names: Lexicon) -> State:
    """Move a row up, down, in or out."""
    if direction not in ("up", "down", "in", "out"):
        raise EditError("A row can be moved up, down, in or out.")
    return State(*editing.move(tree, path, cast("Direction", direction)))


def join(tree: Node, path: Path, kind: str, names: Lexicon) -> State:
    """Make a group all of, any of, none of or not all of its members."""
    group = editing.get(tree, places.inside(tree, path))
    if kind not in GROUPS or not isinstance(group, And | Or):
        raise EditError("Only a group can be all of, any of or none of its members.")
    chain, negated = GROUPS[kind]
    changed = chain(group.args)
    return State(editing.replace(tree, path, Not(changed) if negated else changed), path)


def inline(tree: Node, path: Path, _: str, names: Lexicon) -> State:
    """Put a macro's definition in the place of its name."""
    inner = places.inside(tree, path)
    node = editing.get(tree, inner)
    known = names.known.macros
    if not isinstance(node, Identifier) or node.name not in known:
        raise EditError("There is no macro here whose definition could be put in.")
    return State(editing.inline_macro(tree, inner, {node.name: known[node.name]}), path)


def use(tree: Node, path: Path, name: str, names: Lexicon) -> State:
    """Put the macro `name` in the place of the parts at `path` that say the same."""
    found = next((one for one in twins.at(tree, path, names) if one.name == name), None)
    if found is None:
        raise EditError("Nothing at this place says what the macro says: it has changed meanwhile.")
    after, place = gathered(tree, path, found.members, Identifier(name))
    return State(after, place[:-1] if place and isinstance(editing.get(after, place[:-1]), Not) else place)


def gathered(tree: Node, path: Path, members: Sequence[int], by: Node) -> tuple[Node, Path]:
    """The tree with `by` in the place of some members of the group at `path`, or of all there where none is named.

    Gives the tree and where `by` stands.
    """
    group = editing.get(tree, path)
    if not members or not isinstance(group, And | Or) or len(members) >= len(group.args):
        return editing.replace(tree, path, by), path
    taken, first = set(members), min(members)
    rest = tuple(by if at == first else one for at, one in enumerate(group.args) if at == first or at not in taken)
    at = sum(1 for number in range(first) if number not in taken)
    return editing.replace(tree, path, type(group)(rest, group.p)), (*path, at)


#: The verbs that change the tree, with the words that the history shows.
VERBS: Mapping[str, tuple[Verb, str]] = {
    "remove": (remove, "Remove"),
    "duplicate": (duplicate, "Duplicate"),
    "negate": (negate, "Negate"),
    "unwrap": (unwrap, "Dissolve"),
    "move": (move, "Move"),
    "join": (join, "Change the group"),
    "inline": (inline, "Put in the definition of"),
    "use": (use, "Use a macro for"),
}


def act(state: State, verb: str, path: Path, word: str = "", names: Lexicon = BUILT_IN) -> State:
    """The condition after a verb. Raises EditError where it cannot be done, with the reason."""
    if state.tree is None:
        raise EditError("The condition is empty: there is nothing to change yet.")
    after = VERBS[verb][0](state.tree, path, word, names)
    return State(after.tree if after.tree is None else plain(after.tree), after.at)


def label(state: State, verb: str, path: Path) -> str:
    """What the history calls it."""
    node = editing.get(state.tree, path) if state.tree is not None else None
    what = "" if node is None else TITLES.get(kind_of(node), to_text(node))
    return f"{VERBS[verb][1]} {what}"[:120]


def put_in(state: State, purpose: str, path: Path, nodes: Sequence[Node]) -> State:
    """The condition with new ones put in.

    purpose: `add` at the end of the group at `path`; `any`, `all` a new group of them at the end of it; `and`, `or`
    beside the row at `path`, which becomes a group with it where it stands in another kind of group.
    """
    fresh = _group(purpose, nodes)
    tree = state.tree
    if tree is None:
        return State(fresh, ())
    if purpose in ("and", "or"):
        return _beside(tree, path, cast("Connective", purpose), fresh)
    inner = places.inside(tree, path)
    group = editing.get(tree, inner)
    if not isinstance(group, And | Or):
        return State(editing.replace(tree, path, And((editing.get(tree, path), fresh))), (*path, 1))
    grown = type(group)((*group.args, fresh), group.p)
    return State(editing.replace(tree, inner, grown), (*inner, len(group.args)))


def _group(purpose: str, nodes: Sequence[Node]) -> Node:
    if purpose in ("any", "all") and len(nodes) > 1:
        return GROUPS[purpose][0](tuple(nodes))
    return nodes[0]


def _beside(tree: Node, path: Path, connective: Connective, fresh: Node) -> State:
    chain = GROUPS["all" if connective == "and" else "any"][0]
    if path and isinstance(editing.get(tree, path[:-1]), chain):
        place = (*path[:-1], path[-1] + 1)
        return State(editing.insert(tree, place, fresh), place)
    here = editing.get(tree, path)
    if isinstance(here, chain):
        return State(editing.replace(tree, path, chain((*here.args, fresh), here.p)), (*path, len(here.args)))
    return State(editing.replace(tree, path, chain((here, fresh))), (*path, 1))


def plain(tree: Node) -> Node:
    """The tree without a `not` right below a `not`, which an edit may leave behind."""
    doubled = [path for path, node in editing.paths(tree) if isinstance(node, Not) and isinstance(node.arg, Not)]
    for path in reversed(doubled):
        node = editing.get(tree, path)
        if isinstance(node, Not) and isinstance(node.arg, Not):
            tree = editing.replace(tree, path, node.arg.arg)
    return tree
