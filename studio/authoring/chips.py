"""An output as its parts: the sentence, then what is printed of the event, pair by pair; and back to text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rules_export.catalog.fields import is_field
from rules_export.errors import EngineError, OutputError
from rules_export.language.escapes import from_bytes_text, to_bytes_text
from rules_export.output.scanning import Piece
from rules_export.output.template import parse
from studio.authoring.outputs import APPENDED, USUAL

SEPARATOR = " | "
#: Pairs of one output that can be edited as chips.
MOST_PAIRS = 60

_PAIR = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*)=(.*)", re.DOTALL)
_STEPS = {"up": -1, "down": 1}


@dataclass(frozen=True, slots=True)
class Pair:
    """What is printed: `key=value`, where the value is text with fields in it. Without a key it stands alone."""

    key: str
    value: str

    @property
    def text(self) -> str:
        return f"{self.key}={self.value}" if self.key else self.value

    @property
    def field(self) -> str:
        """The field, where the value is nothing but one."""
        name = self.value.removeprefix("%")
        return name if self.value.startswith("%") and is_field(name.partition("[")[0]) else ""


@dataclass(frozen=True, slots=True)
class Chips:
    """The parts of an output."""

    sentence: str
    pairs: tuple[Pair, ...] = ()

    @property
    def text(self) -> str:
        """The output, on one line."""
        printed = " ".join(pair.text for pair in self.pairs)
        return f"{self.sentence}{SEPARATOR}{printed}" if self.sentence and printed else self.sentence or printed

    @property
    def fields(self) -> frozenset[str]:
        """The fields that stand alone in a pair."""
        return frozenset(pair.field for pair in self.pairs)

    def adding(self, pairs: Mapping[str, str]) -> Chips:
        """With these fields at the end, by their keys; what is printed already is not printed twice."""
        new = tuple(Pair(key, f"%{field}") for field, key in pairs.items() if field not in self.fields)
        return replace(self, pairs=self.pairs + new)

    def changed(self, do: str) -> Chips:
        """After a button: `up-3`, `down-3`, `remove-3`, or `sort` for the ecosystem's order."""
        verb, _, place = do.partition("-")
        if verb == "sort":
            return replace(self, pairs=tuple(sorted(self.pairs, key=_usual_place)))
        number = int(place)
        if verb == "remove":
            return replace(self, pairs=self.pairs[:number] + self.pairs[number + 1 :])
        low, high = sorted((number, number + _STEPS[verb]))
        if low < 0 or high >= len(self.pairs):
            return self
        pairs = list(self.pairs)
        pairs[low], pairs[high] = pairs[high], pairs[low]
        return replace(self, pairs=tuple(pairs))


def read(text: str, source: str = "syscall") -> Chips | None:
    """The parts of an output; None where Falco refuses it, or it prints more than chips can show."""
    text = " ".join(text.split())
    sentence, found, printed = text.partition(SEPARATOR)
    if not found:
        sentence, printed = ("", text) if _PAIR.match(text) and "%" in text.partition(" ")[0] else (text, "")
    try:
        pairs = tuple(_pair(word) for word in _words(printed, source)) if printed else ()
        if sentence:
            parse(sentence, source)
    except (OutputError, EngineError):
        return None
    return Chips(sentence, pairs) if len(pairs) <= MOST_PAIRS else None


def written(key: str, value: str) -> Pair | None:
    """A pair as somebody typed it: the percent sign may be left out, blanks of a key become underscores."""
    key = re.sub(r"[^A-Za-z0-9_.-]+", "_", key.strip().rstrip("=")).strip("_")
    value = " ".join(value.split())
    if value and "%" not in value and is_field(value.partition("[")[0]):
        value = f"%{value}"
    return Pair(key if key[:1].isalpha() else f"_{key}" if key else "", value) if value else None


def shown(pair: Pair, fields: Mapping[str, Any], source: str = "syscall") -> str:
    """What the value reads on an event; "" where Falco refuses it."""
    try:
        return parse(pair.value, source).render(fields)
    except (OutputError, EngineError):
        return ""


def _pair(word: str) -> Pair:
    found = _PAIR.fullmatch(word)
    return Pair(found[1], found[2]) if found and found[2] else Pair("", word)


def _words(text: str, source: str) -> Iterator[str]:
    """The words of the text; blanks inside a transformer's brackets part nothing. Raises OutputError."""
    template, data, word = parse(text, source), to_bytes_text(text), ""
    for part in template.parts:
        if isinstance(part, Piece):
            word += from_bytes_text(data[part.start : part.end])
            continue
        first, *more = re.split(r"\s+", part)
        word += first
        for one in more:
            if word:
                yield word
            word = one
    if word:
        yield word


def _usual_place(pair: Pair) -> int:
    order = [*USUAL, *APPENDED]
    return order.index(pair.field) if pair.field in order else len(order)
