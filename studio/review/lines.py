"""Two YAML texts line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the difference. kind: same, add or remove. old, new: its number from 1 in each text, or None."""

    kind: str
    old: int | None
    new: int | None
    text: str


def diff(old: str, new: str) -> list[Line]:
    """All lines of `new` in order, with those of `old` that are gone where they stood. Without `old` all are same."""
    after = new.splitlines()
    if not old:
        return [Line("same", None, number, text) for number, text in enumerate(after, start=1)]
    before = old.splitlines()
    return list(_lines(before, after))


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    for what, b1, b2, a1, a2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            for step in range(b2 - b1):
                yield Line("same", b1 + step + 1, a1 + step + 1, before[b1 + step])
            continue
        for number in range(b1, b2):
            yield Line("remove", number + 1, None, before[number])
        for number in range(a1, a2):
            yield Line("add", None, number + 1, after[number])
