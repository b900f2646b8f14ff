"""A condition's tree as nested groups and clauses for people: each with its place and how it does on the samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rules_export.catalog.macros import MACROS
from rules_export.language.ast import And, Identifier, Node, Not, Or
from rules_export.language.printer import to_text

#: (samples that must fire and match, all that must fire, benign that match, all benign).
Score = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Branch:
    """A group or a clause. `place`: "group 1.3" or "condition 1.3.2"; `path`: the child indices from the root.

    title: what joins a group's members ("any of"). text: the clause, one line. says: what a macro means.
    """

    place: str
    path: tuple[int, ...]
    title: str = ""
    text: str = ""
    says: str = ""
    score: Score | None = None
    parts: tuple[Branch, ...] = field(default=())

    @property
    def is_group(self) -> bool:
        """Whether it has members."""
        return bool(self.parts)


TITLES = {And: "all of", Or: "any of"}


def build(tree: Node, score: Callable[[Node], Score | None]) -> Branch:
    """The tree from its root; `score` says how a part does on the samples."""
    return _branch(tree, (), score, "")


def _branch(node: Node, path: tuple[int, ...], score: Callable[[Node], Score | None], before: str) -> Branch:
    if isinstance(node, (And, Or)):
        parts = tuple(_branch(part, (*path, index), score, "") for index, part in enumerate(node.args))
        title = f"{before}{TITLES[type(node)]}"
        return Branch(_place("group", path), path, title, score=score(node), parts=parts)
    if isinstance(node, Not) and isinstance(node.arg, (And, Or)):
        inner = _branch(node.arg, (*path, 0), score, "not ")
        title = {"not any of": "none of", "not all of": "not all of"}[inner.title]
        return Branch(_place("group", path), path, title, score=score(node), parts=inner.parts)
    return Branch(_place("condition", path), path, text=to_text(node), says=_says(node), score=score(node))


def _place(word: str, path: tuple[int, ...]) -> str:
    """The place in words, counting from 1; the root of a group is the whole condition."""
    return (
        f"{word} {'.'.join(str(index + 1) for index in path)}" if path else f"whole {word}" if word == "group" else word
    )


def _says(node: Node) -> str:
    """What the macro in a clause means, where the library knows it."""
    name = node.arg.name if isinstance(node, Not) and isinstance(node.arg, Identifier) else getattr(node, "name", "")
    return MACROS[name].description if isinstance(name, str) and name in MACROS else ""
