"""Changes of a condition's text that leave the rest of it, with its line ends, as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from rules_export.language.ast import And, Or
from rules_export.language.escapes import to_bytes_text
from rules_export.language.extent import outer_stretch


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


@dataclass(frozen=True, slots=True)
class Merge:
    """Put `text` in place of the first of the members at `places`, and take the others out."""

    chain: Or
    places: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Wrap:
    """Put parentheses around the members at `places`."""

    chain: Or
    places: tuple[int, ...]


Change = Drop | Move | Swap | Merge | Wrap
Piece = tuple[int, int, str]
Spans = dict[int, tuple[int, int]]


def made(change: Change, text: str) -> Piece | None:
    """What to replace in `text` by what: two byte offsets and the new text. None where the chain is not from there."""
    data = to_bytes_text(text)
    spans = _spans(data, change.chain, _needed(change))
    if spans is None:
        return None
    match change:
        case Drop(_, place):
            return _apart(data, (*_without(spans, place), ""))
        case Move():
            return _apart(data, _moved(data, change, spans))
        case Swap(_, first, last, new):
            return _apart(data, (spans[first][0], spans[last][1], to_bytes_text(new)))
        case Merge():
            return _apart(data, _merged(data, change, spans))
        case Wrap(_, places):
            return _wrapped(data, places, spans)


def _needed(change: Change) -> set[int]:
    """The places of the members whose beginning and end the change has to know."""
    match change:
        case Drop(_, place) | Move(_, place):
            return {0, 1, place - 1, place, len(change.chain.args) - 1} & set(range(len(change.chain.args)))
        case Swap(_, first, last):
            return {first, last}
        case Merge(_, places):
            return set(range(places[0], places[-1] + 1))
        case Wrap(_, places):
            return set(places)


def _spans(data: str, chain: And | Or, places: set[int]) -> Spans | None:
    found = {place: outer_stretch(data, chain.args[place]) for place in places}
    spans = {place: span for place, span in found.items() if span is not None}
    return spans if len(spans) == len(found) else None


def _without(spans: Spans, place: int) -> tuple[int, int]:
    """From where to where a member stands with the connective beside it."""
    return (spans[place - 1][1], spans[place][1]) if place else (spans[0][0], spans[1][0])


def _moved(data: str, change: Move, spans: Spans) -> Piece:
    start, end = _without(spans, change.place)
    whole = spans[0][0], spans[len(change.chain.args) - 1][1]
    member, rest = data[slice(*spans[change.place])], data[whole[0] : start] + data[end : whole[1]]
    return *whole, f"{member} and {rest}" if change.to_front else f"{rest} and {member}"


def _merged(data: str, change: Merge, spans: Spans) -> Piece:
    first, last = change.places[0], change.places[-1]
    whole = outer_stretch(data, change.chain)
    if whole is not None and len(change.places) == len(change.chain.args):
        return *whole, to_bytes_text(change.text)
    kept = [place for place in range(first + 1, last + 1) if place not in change.places]
    rest = "".join(data[spans[place - 1][1] : spans[place][1]] for place in kept)
    return spans[first][0], spans[last][1], to_bytes_text(change.text) + rest


def _wrapped(data: str, places: tuple[int, ...], spans: Spans) -> Piece:
    start, end = spans[places[0]][0], spans[places[-1]][1]
    parts, at = [], start
    for place in places:
        begin, close = spans[place]
        parts.append(f"{data[at:begin]}({data[begin:close]})")
        at = close
    return start, end, "".join(parts)


def _apart(data: str, piece: Piece) -> Piece:
    """The same with blanks where words would run together, as where parentheses kept them apart."""
    start, end, new = piece
    rest = data[end:]
    if _is_word(data[:start][-1:]) and _is_word(new[:1] or rest[:1]):
        new = f" {new}"
    if _is_word(new[-1:]) and _is_word(rest[:1]):
        new += " "
    return start, end, new


def _is_word(char: str) -> bool:
    return char.isalnum() or char in ("_", "-", ".", "/")
