"""Changes of a condition's text that leave the rest of it, with its line ends, as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from rules_export.checks.extent import outer_stretch
from rules_export.language.ast import And, Or
from rules_export.language.escapes import to_bytes_text


@dataclass(frozen=True, slots=True)
class Drop:
    """Take the member at `place` out of a chain, with the connective beside it."""

    chain: And | Or
    place: int


@dataclass(frozen=True, slots=True)
class Move:
    """Put the member at `place` of an `and` chain in front, or at its end."""

    chain: And
    place: int
    to_front: bool


@dataclass(frozen=True, slots=True)
class Swap:
    """Put `text` in place of the members from `first` up to and with `last`."""

    chain: And | Or
    first: int
    last: int
    text: str


Change = Drop | Move | Swap


def made(change: Change, text: str) -> tuple[int, int, str] | None:
    """What to replace in `text` by what: two byte offsets and the new text. None where the chain is not from there."""
    data = to_bytes_text(text)
    if isinstance(change, Swap):
        first, last = (outer_stretch(data, change.chain.args[at]) for at in (change.first, change.last))
        return (first[0], last[1], to_bytes_text(change.text)) if first and last else None
    args = change.chain.args
    near = {0, 1, change.place - 1, change.place, len(args) - 1} & set(range(len(args)))
    found = {at: outer_stretch(data, args[at]) for at in near}
    spans = {at: span for at, span in found.items() if span is not None}
    if len(spans) < len(near):
        return None
    if change.place:
        start, end = spans[change.place - 1][1], spans[change.place][1]
    else:
        start, end = spans[0][0], spans[1][0]
    if isinstance(change, Drop):
        return start, end, ""
    member = data[slice(*spans[change.place])]
    whole = spans[0][0], spans[len(args) - 1][1]
    rest = data[whole[0] : start] + data[end : whole[1]]
    return *whole, f"{member} and {rest}" if change.to_front else f"{rest} and {member}"
