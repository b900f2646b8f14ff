"""Where something stands in a tree: as the address of a button says it, and as people say it.

A row stands for a node together with the `not` around it: its path is that of the `not`. (Only where one `not` stands
right below another, the outer one is a row of its own.)
"""

from __future__ import annotations

import re

from rules_export.language.ast import And, Node, Not, Or
from rules_export.language.editing import EditError, Path, get

#: A path as text; longer ones than any tree that people write are refused before they are read.
PATTERN = r"(?:[0-9]{1,4}(?:\.[0-9]{1,4}){0,99})?"
_PATH = re.compile(PATTERN)


def read(text: str) -> Path:
    """The path that `write` wrote. Raises EditError for anything else."""
    if not _PATH.fullmatch(text):
        raise EditError("There is no such place in this condition.")
    return tuple(map(int, text.split("."))) if text else ()


def write(path: Path) -> str:
    """`1.0.2`; the root is the empty text."""
    return ".".join(map(str, path))


def inside(tree: Node, path: Path) -> Path:
    """The path of what stands at a row without its `not`."""
    return (*path, 0) if isinstance(get(tree, path), Not) else path


def group_around(tree: Node, path: Path) -> Path:
    """The row of the group that a row is a member of; the root's own row for the root."""
    above = path[:-1]
    return above[:-1] if above and isinstance(get(tree, above[:-1]), Not) else above


def spoken(numbers: tuple[int, ...], group: bool) -> str:
    """The place in words, from the visible numbers (1, 3, 2): "group 1.3, condition 2"."""
    if not numbers:
        return "whole condition"
    if group:
        return f"group {_dotted(numbers)}"
    within = f"group {_dotted(numbers[:-1])}, " if len(numbers) > 1 else ""
    return f"{within}condition {numbers[-1]}"


def is_group(node: Node) -> bool:
    """Whether a row of this node has members."""
    return isinstance(node.arg, And | Or | Not) if isinstance(node, Not) else isinstance(node, And | Or)


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))
