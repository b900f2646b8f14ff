"""The values of a list as people type and paste them: one a line; commas, tabs and semicolons separate too."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: A value with one of these in it would fall apart in a condition unless it stands in quotes.
_BREAKS = re.compile(r"[,()=]")
_SEPARATORS = ",\t;"


def read(text: str) -> tuple[str, ...]:
    """The values, as a rules file holds them: those that a condition would break are put in double quotes."""
    return tuple(_safe(piece) for line in text.splitlines() for piece in _pieces(line))


def show(items: Iterable[str]) -> str:
    """The values one a line, as `read` takes them."""
    return "\n".join(items)


def in_order(items: Iterable[str]) -> tuple[str, ...]:
    """Sorted as people sort: letters whatever their case, numbers by their size."""
    return tuple(sorted(items, key=lambda item: ([_part(one) for one in re.split(r"(\d+)", item.lower())], item)))


def once(items: Iterable[str]) -> tuple[str, ...]:
    """Each value once, where it stood first."""
    return tuple(dict.fromkeys(items))


def _part(text: str) -> tuple[int, int, str]:
    return (0, int(text), "") if text.isdecimal() and len(text) < 300 else (1, 0, text)


def _pieces(line: str) -> list[str]:
    pieces, current, quote = [], "", ""
    for char in line:
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'" and not current.strip():
            quote = char
        elif char in _SEPARATORS:
            pieces.append(current)
            current = ""
            continue
        current += char
    return [piece.strip() for piece in [*pieces, current] if piece.strip()]


def _safe(item: str) -> str:
    quoted = len(item) > 1 and item[0] == item[-1] and item[0] in "\"'"
    return item if quoted or not _BREAKS.search(item) else f'"{item}"'
