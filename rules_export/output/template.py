"""Output templates: text with `%fields` and `%transformers(…)` in it, read as Falco reads them, and filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rules_export.errors import OutputError
from rules_export.evaluation.event import key_of, raw
from rules_export.evaluation.operands import operand
from rules_export.language.ast import Field, Transformer
from rules_export.language.escapes import from_bytes_text, to_bytes_text
from rules_export.language.visitor import fields_used
from rules_export.output.scanning import Piece, pieces
from rules_export.output.values import ABSENT, fitted, plain, printed
from rules_export.spans import Position, Span

EMPTY = "empty formatting token"
_CONTAINER_INFO = "%container.info"
_NEW_LINE = re.compile(r"[\r\n]")

Writer = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Token:
    """One `%…` of a template: what it shows, its width in bytes (0 for none), its text and where it stands."""

    operand: Field | Transformer
    width: int
    text: str
    span: Span


@dataclass(frozen=True)
class Template:
    """A template that Falco accepts: literal texts and tokens in their order, for rules of `source`."""

    text: str
    parts: tuple[str | Piece, ...]
    source: str = "syscall"
    plugins: str = "container"

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens alone, with their places: lines and columns (in bytes) from 1."""
        data = to_bytes_text(self.text)
        places = _Places(data)
        return tuple(
            Token(
                part.operand,
                part.width,
                from_bytes_text(data[part.start : part.end]),
                Span(places.at(part.start), places.at(part.end)),
            )
            for part in self.parts
            if isinstance(part, Piece)
        )

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields that Falco lists in `output_fields`, each once: those shown and those inside transformers."""
        shown = (part.operand for part in self.parts if isinstance(part, Piece))
        return tuple(dict.fromkeys(used for one in shown for used in fields_used(one)))

    @cached_property
    def _writers(self) -> tuple[Writer, ...]:
        made: dict[tuple[Field | Transformer, int], Writer] = {}
        writers: list[Writer] = []
        for number, part in enumerate(self.parts):
            if isinstance(part, str):  # one star in front asks Falco to print even without values, and is not shown
                writers.append(_literal(part.removeprefix("*") if number == 0 else part))
                continue
            key = (part.operand, part.width)
            if key not in made:
                made[key] = _writer(part, self.source, self.plugins)
            writers.append(made[key])
        return tuple(writers)

    def render(self, fields: Mapping[str, Any]) -> str:
        """The message for an event with these `fields`; a value that is missing shows as `<NA>`."""
        message = "".join([writer(fields) for writer in self._writers])
        return message if message.isascii() else to_bytes_text(message).encode("latin-1").decode("utf-8", "replace")

    def output_fields(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The alert's `output_fields`: every field of the template with its value, None where the event has none."""
        return {key_of(used): raw(fields, used) for used in self.fields}


def prepare(text: str, *, trim: bool = True) -> tuple[str, bool]:
    """What Falco makes of a rule's `output` before it reads it, and whether it held the deprecated `%container.info`.

    Blanks around it go (not where an override gives it: `trim` False), and `%container.info` is replaced by nothing.
    """
    trimmed = text.strip(" \t\n\v\f\r") if trim else text
    return trimmed.replace(_CONTAINER_INFO, ""), _CONTAINER_INFO in trimmed


def parse(text: str, source: str = "syscall", plugins: str = "container") -> Template:
    """Read a template. Raises OutputError with Falco's text and the byte offset of the token it stopped at."""
    if not text:
        raise OutputError(EMPTY)
    return Template(text, tuple(pieces(text, source, plugins)), source, plugins)


class _Places:
    """Positions in byte text, asked for from left to right: each byte is looked at once."""

    __slots__ = ("begin", "data", "line", "seen")

    def __init__(self, data: str) -> None:
        self.data, self.seen, self.line, self.begin = data, 0, 1, -1

    def at(self, offset: int) -> Position:
        """CR and LF each begin a new line, as in conditions."""
        for found in _NEW_LINE.finditer(self.data, self.seen, offset):
            self.line, self.begin = self.line + 1, found.start()
        self.seen = offset
        return Position(offset, self.line, offset - self.begin)


def _literal(text: str) -> Writer:
    return lambda fields: text


def _writer(part: Piece, source: str, plugins: str) -> Writer:
    shown, width = part.operand, part.width
    if isinstance(shown, Field):
        name = shown.name
        return lambda fields: fitted(printed(name, raw(fields, shown)), width)
    ready = operand(shown, source, plugins)
    if shown.name == "len" and not _of_list_field(shown, source, plugins):
        return lambda fields: fitted(ABSENT, width)  # Falco has no print format for this number
    return lambda fields: fitted(plain(ready.read(fields)), width)


def _of_list_field(shown: Transformer, source: str, plugins: str) -> bool:
    first = shown.args[0]
    return isinstance(first, Field) and operand(first, source, plugins).is_list
