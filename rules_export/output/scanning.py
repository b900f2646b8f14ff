"""Finding the `%…` tokens of an output template: where each ends, which only the catalogue can say.

Behind `%` (and a width, if digits follow) the longest stretch counts that is a known field or a valid transformer:
`%user.nameless` is `%user.name` followed by "less". There is no way to write a bare percent sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rules_export.catalog.fields import CatalogError, all_fields, lookup
from rules_export.errors import ConditionSyntaxError, OutputError
from rules_export.falco_checks.operands import check_operand
from rules_export.language import lexer
from rules_export.language.ast import Exists, Field, Transformer
from rules_export.language.escapes import from_bytes_text, to_bytes_text
from rules_export.language.parser import parse as parse_condition

#: Falco's own text ends here, whatever the token was.
UNKNOWN = "unknown filter: unexpected token after '"
ENDS_WITH_PERCENT = "invalid formatting syntax: formatting cannot end with a %"
ENDS_WITH_NUMBER = "invalid formatting syntax: formatting cannot end with a number"
#: Widths beyond this are cut: a template must not be able to ask for gigabytes of blanks.
WIDEST = 65_536

_TOKEN = re.compile(rf"%([0-9]*+)({lexer.FIELD.pattern})?+")
_ARGUMENT = re.compile(r"""\[(?:[^\[\]"'\s]++|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')\]""", re.DOTALL)
_BRACKETS = re.compile(r"""[()]|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'""", re.DOTALL)
#: No name of the catalogue is longer; only thread.cgroup takes any suffix, and that is tried whole.
_LONGEST_NAME = 80
#: Fields whose names go on with something that is in no list of fields.
_OPEN_NAMES = ("evt.arg.", "evt.rawarg.", "evt.type.is.", "evt.abspath.")


@dataclass(frozen=True, slots=True)
class Piece:
    """One token: what it shows, its width in bytes (0 for none), and from which byte to which it stands."""

    operand: Field | Transformer
    width: int
    start: int
    end: int


def pieces(text: str, source: str, plugins: str) -> Iterator[str | Piece]:
    """Literal texts and tokens in their order. Raises OutputError with Falco's text at the first that is refused."""
    return _Scan(to_bytes_text(text), source, plugins).pieces()


class _Scan:
    """One run over byte text. What it found out about a stretch of text it remembers: templates repeat themselves."""

    __slots__ = ("calls", "data", "fields", "plugins", "source")

    def __init__(self, data: str, source: str, plugins: str) -> None:
        self.data = data
        self.source = source
        self.plugins = plugins
        self.fields: dict[str, Field | None] = {}
        self.calls: dict[str, Field | Transformer | None] = {}

    def pieces(self) -> Iterator[str | Piece]:
        data, at = self.data, 0
        while (percent := data.find("%", at)) >= 0:
            if percent > at:
                yield from_bytes_text(data[at:percent])
            found = _TOKEN.match(data, percent)
            digits, name = found.groups() if found else ("", None)
            start = percent + 1 + len(digits)
            if start == len(data):
                raise OutputError(ENDS_WITH_NUMBER if digits else ENDS_WITH_PERCENT, percent)
            shown, at = self.field(name, start) if name else self.call(start)
            if shown is None:
                raise OutputError(UNKNOWN, percent)
            yield Piece(shown, _width(digits), percent, at)
        if at < len(data):
            yield from_bytes_text(data[at:])

    def field(self, name: str, at: int) -> tuple[Field | Transformer | None, int]:
        """The longest field that starts at `at`, where `name` is all that looks like a name; and its end."""
        end = at + len(name)
        if self.data.startswith("[", end) and (argument := _ARGUMENT.match(self.data, end)):
            found = self.compiled(self.data[at : argument.end()])
            if found is not None:
                return found, argument.end()
        if name not in self.fields:
            self.fields[name] = next(_known_prefixes(name, self.source, self.plugins), None)
        known = self.fields[name]
        return (known, at) if known is None else (known, at + len(known.name))

    def call(self, at: int) -> tuple[Field | Transformer | None, int]:
        """The transformer call that starts at `at`, with the argument behind it where that makes sense."""
        if lexer.TRANSFORMER.match(self.data, at) is None or (close := _closing(self.data, at)) < 0:
            return None, at
        argument = _ARGUMENT.match(self.data, close)
        for end in (argument.end(), close) if argument else (close,):
            found = self.compiled(self.data[at:end])
            if found is not None:
                return found, end
        return None, at

    def compiled(self, data: str) -> Field | Transformer | None:
        """`data` as an operand that Falco would compile, or None."""
        if data not in self.calls:
            self.calls[data] = _operand(data, self.source, self.plugins)
        return self.calls[data]


def _width(digits: str) -> int:
    return min(int(digits or 0), WIDEST) if len(digits) < 9 else WIDEST


def _known_prefixes(name: str, source: str, plugins: str) -> Iterator[Field]:
    names = _names(source, plugins)
    by_hand = name.startswith(_OPEN_NAMES)
    for end in (len(name), *range(min(len(name) - 1, _LONGEST_NAME), 3, -1)):
        start = name[:end]
        if (end == len(name) or by_hand or start in names) and lexer.FIELD.fullmatch(start):
            try:
                lookup(start, None, source, plugins)
            except CatalogError:
                continue
            yield Field(start)


@cache
def _names(source: str, plugins: str) -> frozenset[str]:
    return frozenset(info.name for info in all_fields(source, plugins))


def _closing(data: str, at: int) -> int:
    """Just behind the parenthesis that closes the first one opened after `at`; -1 where none does."""
    depth = 0
    for found in _BRACKETS.finditer(data, at):
        depth += (found.group() == "(") - (found.group() == ")")
        if found.group() == ")" and depth == 0:
            return found.end()
    return -1


def _operand(data: str, source: str, plugins: str) -> Field | Transformer | None:
    try:
        node = parse_condition(f"{from_bytes_text(data)} exists")
        if not isinstance(node, Exists):
            return None
        check_operand(node.left, source, plugins)
    except (ConditionSyntaxError, CatalogError):
        return None
    return node.left
