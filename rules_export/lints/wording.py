"""How messages name things: a part of a condition in few words, and several names as one series."""

from __future__ import annotations

from collections.abc import Sequence

from rules_export.language.ast import Node, Operand
from rules_export.language.printer import to_text

#: A text longer than this is cut, so that a message stays one that people read to its end.
LONGEST = 90
#: Names beyond this many are counted only.
MOST = 6


def brief(part: Node | Operand | str) -> str:
    """The text of a part of a condition, or a text, cut where it is long."""
    text = part if isinstance(part, str) else to_text(part)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def series(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`, or the first few and how many more."""
    if len(names) > MOST:
        names = [*names[: MOST - 1], f"{len(names) - MOST + 1} more"]
    shown = [brief(name) for name in names]
    return " and ".join(shown) if len(shown) < 3 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def do(names: Sequence[object], one: str = "does", many: str = "do") -> str:
    """The verb for so many."""
    return one if len(names) == 1 else many
