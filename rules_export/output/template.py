"""Output templates: text with `%fields` and `%transformers(…)` in it, read as Falco reads them, and filled in.

Behind `%` (and a width, if digits follow) the longest stretch counts that is a known field or a valid transformer:
`%user.nameless` is `%user.name` followed by "less". There is no way to write a bare percent sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rules_export.catalog.fields import CatalogError, lookup
from rules_export.errors import ConditionSyntaxError, OutputError
from rules_export.evaluation.event import key_of, raw
from rules_export.evaluation.operands import operand
from rules_export.language import lexer
from rules_export.language.ast import Exists, Field, Transformer
from rules_export.language.escapes import from_bytes_text, to_bytes_text
from rules_export.language.parser import parse as parse_condition
from rules_export.language.visitor import fields_used
from rules_export.output.values import ABSENT, WIDEST, fitted, plain, printed
from rules_export.spans import Position, Span

#: Falco's own text ends here, whatever the token was.
UNKNOWN = "unknown filter: unexpected token after '"
ENDS_WITH_PERCENT = "invalid formatting syntax: formatting cannot end with a %"
ENDS_WITH_NUMBER = "invalid formatting syntax: formatting cannot end with a number"
EMPTY = "empty formatting token"

_CONTAINER_INFO = "%container.info"
_NEW_LINE = re.compile(r"[\r\n]")
_DIGITS = re.compile(r"[0-9]*+")
_ARGUMENT = re.compile(r"""\[(?:[^\[\]"'\s]++|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')\]""")
#: No name of the catalogue is longer; only thread.cgroup takes any suffix, and that is tried whole.
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Token:
    """One `%…` of a template: what it shows, its width in bytes (0 for none), its text and where it stands."""

    operand: Field | Transformer
    width: int
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Template:
    """A template that Falco accepts: literal texts and tokens in their order."""

    text: str
    parts: tuple[str | Token, ...]
    _writers: tuple[Callable[[Mapping[str, Any]], str], ...] = field(compare=False, repr=False)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens alone."""
        return tuple(part for part in self.parts if isinstance(part, Token))

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that Falco lists in `output_fields`, each once: those shown and those inside transformers."""
        return tuple(dict.fromkeys(found for token in self.tokens for found in fields_used(token.operand)))

    def render(self, fields: Mapping[str, Any]) -> str:
        """The message for an event with these `fields`; a value that is missing shows as `<NA>`."""
        message = "".join(writer(fields) for writer in self._writers)
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
    parts = tuple(_parts(text, source, plugins))
    return Template(text, parts, tuple(_writer(part, source, plugins) for part in _shown(parts)))


def _shown(parts: tuple[str | Token, ...]) -> Iterator[str | Token]:
    """The parts as printed: one star in front asks Falco to print even where values are missing, and is not shown."""
    for index, part in enumerate(parts):
        yield part.removeprefix("*") if index == 0 and isinstance(part, str) else part


def _parts(text: str, source: str, plugins: str) -> Iterator[str | Token]:
    data, at = to_bytes_text(text), 0
    places = _Places(data)
    while (percent := data.find("%", at)) >= 0:
        if percent > at:
            yield from_bytes_text(data[at:percent])
        digits = _DIGITS.match(data, percent + 1)
        start = digits.end() if digits else percent + 1
        if start == len(data):
            raise OutputError(ENDS_WITH_PERCENT if start == percent + 1 else ENDS_WITH_NUMBER, percent)
        shown, at = _longest(data, start, source, plugins)
        if shown is None:
            raise OutputError(UNKNOWN, percent)
        span = Span(places.at(percent), places.at(at))
        yield Token(shown, _width(data[percent + 1 : start]), from_bytes_text(data[percent:at]), span)
    if at < len(data):
        yield from_bytes_text(data[at:])


def _width(digits: str) -> int:
    return int(digits or 0) if len(digits) < 9 else WIDEST


class _Places:
    """Positions in byte text, asked for from left to right: each byte is looked at once."""

    __slots__ = ("begin", "data", "line", "seen")

    def __init__(self, data: str) -> None:
        self.data, self.seen, self.line, self.begin = data, 0, 1, -1

    def at(self, offset: int) -> Position:
        """Line and column (in bytes) from 1; CR and LF each begin a new line, as in conditions."""
        for found in _NEW_LINE.finditer(self.data, self.seen, offset):
            self.line, self.begin = self.line + 1, found.start()
        self.seen = offset
        return Position(offset, self.line, offset - self.begin)


def _longest(data: str, at: int, source: str, plugins: str) -> tuple[Field | Transformer | None, int]:
    """The longest field or transformer that starts at `at`, and its end."""
    name = lexer.FIELD.match(data, at)
    if name is None:
        return _call(data, at, source, plugins)
    argument = _ARGUMENT.match(data, name.end())
    if argument is not None:
        found = _operand(data[at : argument.end()], source, plugins)
        if found is not None:
            return found, argument.end()
    for end in (name.end(), *range(min(name.end() - 1, at + _LONGEST_NAME), at, -1)):
        if lexer.FIELD.fullmatch(data, at, end) and _known(data[at:end], source, plugins):
            return Field(data[at:end]), end
    return None, at


def _known(name: str, source: str, plugins: str) -> bool:
    try:
        lookup(name, None, source, plugins)
    except CatalogError:
        return False
    return True


def _call(data: str, at: int, source: str, plugins: str) -> tuple[Field | Transformer | None, int]:
    """The transformer call that starts at `at`, with the argument behind it where that makes sense."""
    if lexer.TRANSFORMER.match(data, at) is None or (close := _closing(data, at)) < 0:
        return None, at
    argument = _ARGUMENT.match(data, close)
    for end in (argument.end(), close) if argument else (close,):
        found = _operand(data[at:end], source, plugins)
        if found is not None:
            return found, end
    return None, at


_BRACKETS = re.compile(r"""[()]|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'""", re.DOTALL)


def _closing(data: str, at: int) -> int:
    """Just behind the parenthesis that closes the first one opened after `at`; -1 where none does."""
    depth = 0
    for found in _BRACKETS.finditer(data, at):
        depth += (found.group() == "(") - (found.group() == ")")
        if found.group() == ")" and depth == 0:
            return found.end()
    return -1


def _operand(data: str, source: str, plugins: str) -> Field | Transformer | None:
    """`data` as an operand that Falco would compile, or None."""
    try:
        node = parse_condition(f"{from_bytes_text(data)} exists")
        if not isinstance(node, Exists):
            return None
        operand(node.left, source, plugins)
    except (ConditionSyntaxError, CatalogError):
        return None
    return node.left


def _writer(part: str | Token, source: str, plugins: str) -> Callable[[Mapping[str, Any]], str]:
    if isinstance(part, str):
        return lambda fields: part
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
