"""How the YAML library of Falco reads scalars, down to its oddities.

A reader gets the cursor standing on the scalar, moves it behind it and returns the text (in bytes, see `text`). The
library goes line by line: the rest of the line, the line end, the blanks that begin the next line. Byte 4 is its own
sign for the end of the text, so that it ends things where it stands; byte 0 acts like a backslash outside quotes.
"""

from __future__ import annotations

import re

from rules_export.errors import FatalLoadError
from rules_export.yamlcpp.text import YamlError

BLANKS = " \t"
BREAKS = "\n\r"

#: A `---` or `...` that begins a line.
DOCUMENT_MARK = re.compile(r"(?:---|\.\.\.)(?:[ \t\n\r\x04]|\Z)")

_PLAIN_END = re.compile(r":(?=[ \t\n\r\x04]|\Z)|[ \t]#|[\n\r\0]")
_PLAIN_END_IN_FLOW = re.compile(r"[,?\[\]{}]|:(?=[ \t\n\r\x04,\]}]|\Z)|[ \t]#|[\n\r\0]")
_SINGLE_STOP = re.compile(r"['\n\r]")
_DOUBLE_STOP = re.compile(r"[\"\\\n\r]")

#: Scalars of one file that go over more lines than this are refused.
MAX_LINES = 300_000

TAB_IN_INDENTATION = "illegal tab when looking for indentation"

_SIMPLE_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "'": "'", "\\": "\\", "/": "/",
    "N": "\xc2\x85", "_": "\xc2\xa0", "L": "\xe2\x80\xa8", "P": "\xe2\x80\xa9",
}  # fmt: skip
_HEX = re.compile(r"[0-9A-Fa-f]+")
_HEX_LENGTHS = {"x": 2, "u": 4, "U": 8}


class Cursor:
    """Where reading stands: `pos`, and `line_start`, the offset at which the current line begins."""

    __slots__ = ("break_char", "line_start", "lines", "pos", "size", "text")

    def __init__(self, text: str, break_char: str) -> None:
        self.text = text
        self.break_char = break_char
        self.size = len(text)
        self.pos = 0
        self.line_start = 0
        self.lines = 0

    def eat_break(self, at: int) -> int:
        """Pass the line end at `at`; gives the offset behind it. Only the file's own kind of line end starts a line."""
        text = self.text
        self.lines += 1
        if self.lines > MAX_LINES:
            raise FatalLoadError("This file holds longer scalars than any rules file does: it is refused.")
        if text[at] == "\n":
            end = at + 1
            if self.break_char == "\n":
                self.line_start = end
        elif text.startswith("\n", at + 1):
            end = at + 2
            self.line_start = end if self.break_char == "\n" else at + 1
        else:
            end = at + 1
            if self.break_char == "\r":
                self.line_start = end
        return end

    def at_document_mark(self, pos: int) -> bool:
        """Whether a line begins at `pos` with `---` or `...`."""
        return pos == self.line_start and DOCUMENT_MARK.match(self.text, pos) is not None


class _Pieces:
    """A scalar while it is read: settled pieces, and the rest of the line, whose blanks may yet go."""

    __slots__ = ("escaped", "length", "line", "settled")

    def __init__(self) -> None:
        self.settled: list[str] = []
        self.length = 0
        self.line = ""
        self.escaped = -1

    def settle(self, text: str) -> None:
        self.settled.append(text)
        self.length += len(text)

    def escape(self, piece: str) -> None:
        """Add what an escape stands for: it and all before it stays."""
        self.settle(self.line + piece)
        self.line = ""
        self.escaped = self.length

    def end_line(self) -> None:
        """Drop the blanks that end a line."""
        self.settle(self.line.rstrip(BLANKS))
        self.line = ""

    def fold(self, next_empty: bool, joined: bool) -> None:
        """What a line end becomes: itself before an empty line, nothing where lines are joined, else a blank."""
        if next_empty:
            self.settle("\n")
        elif not joined:
            self.settle(" ")

    def text(self) -> str:
        return "".join(self.settled) + self.line


def read_plain(cursor: Cursor, indent: int, in_flow: bool) -> tuple[str, bool]:
    """A scalar without quotes; also whether it ended because the next line is less indented than `indent`."""
    text, size, pos = cursor.text, cursor.size, cursor.pos
    stop = _PLAIN_END_IN_FLOW if in_flow else _PLAIN_END
    pieces, after_empty, ended_by_indent = _Pieces(), False, False
    while pos < size and not cursor.at_document_mark(pos):
        found = stop.search(text, pos)
        end = found.start() if found else size
        pieces.line += text[pos:end]
        pos = end
        if end >= size:
            break
        if text[end] == "\0":
            piece, pos = escape(text, end)
            pieces.escape(piece)
            continue
        if text[end] not in BREAKS or _comment_follows(text, end):
            break
        pieces.end_line()
        pos = _skip_indentation(cursor, cursor.eat_break(end), indent, True)
        next_empty = pos < size and text[pos] in BREAKS
        pieces.fold(next_empty, after_empty)
        after_empty = next_empty
        if not next_empty and pos - cursor.line_start < indent:
            ended_by_indent = True
            break
    cursor.pos = pos
    scalar, kept = pieces.text(), pieces.escaped + 1  # one more than was escaped: the library counts so
    return scalar[:kept] + scalar[kept:].rstrip(BLANKS).rstrip("\n"), ended_by_indent


def _comment_follows(text: str, at: int) -> bool:
    """Whether a comment in the first column follows the line end at `at`: it ends a plain scalar before it."""
    behind = at + 2 if text.startswith("\r\n", at) else at + 1
    return text.startswith("#", behind)


def _skip_indentation(cursor: Cursor, pos: int, indent: int, plain: bool) -> int:
    """Pass the blanks that begin a line of a flowing scalar; a tab is no indentation of a plain one."""
    text, size = cursor.text, cursor.size
    while pos < size and text[pos] in BLANKS:
        if plain:
            if text[pos] == "\t" and pos - cursor.line_start < indent:
                raise YamlError(TAB_IN_INDENTATION, pos)
            if text.startswith("#", pos + 1):
                break
        pos += 1
    return pos


def read_quoted(cursor: Cursor) -> str:
    """A scalar in quotes. That its end is missing is an error only where the text does not end in a line end."""
    text, size, quote = cursor.text, cursor.size, cursor.text[cursor.pos]
    stop = _SINGLE_STOP if quote == "'" else _DOUBLE_STOP
    pos = cursor.pos + 1
    pieces, after_empty, joined = _Pieces(), False, False
    while pos < size:
        if cursor.at_document_mark(pos):
            raise YamlError("illegal document indicator in scalar", pos)
        found = stop.search(text, pos)
        if found is None:
            raise YamlError("illegal EOF in scalar", size)
        end = found.start()
        pieces.line += text[pos:end]
        char = text[end]
        if char == quote:
            if quote == "'" and text.startswith("'", end + 1):
                pieces.escape("'")
                pos = _not_last(end + 2, size)
                continue
            cursor.pos = end + 1
            return clip(pieces.text(), pieces.escaped)
        if char == "\\":
            if not text.startswith(("\n", "\r"), end + 1):
                piece, behind = escape(text, end)
                pieces.escape(piece)
                pos = _not_last(behind, size)
                continue
            pieces.escape("")
            joined, end = True, end + 1
        pieces.end_line()
        pos = _skip_indentation(cursor, cursor.eat_break(end), 0, False)
        next_empty = pos < size and text[pos] in BREAKS
        pieces.fold(next_empty, after_empty or joined)
        after_empty, joined = next_empty, False
    cursor.pos = pos
    return clip(pieces.text(), pieces.escaped)


def _not_last(pos: int, size: int) -> int:
    """The place behind an escape, which must not be the end of the text."""
    if pos >= size:
        raise YamlError("illegal EOF in scalar", size)
    return pos


def escape(text: str, at: int) -> tuple[str, int]:
    """What the escape at `at` stands for, and the offset behind it."""
    code = text[at + 1 : at + 2] or "\x04"
    behind = at + 2
    if code in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[code], behind
    length = _HEX_LENGTHS.get(code)
    if length is None:
        raise YamlError("unknown escape character: " + code, behind)
    digits = text[behind : behind + length]
    behind += length
    if len(digits) < length or not _HEX.fullmatch(digits):
        raise YamlError("bad character found while scanning hex number", behind)
    value = int(digits, 16)
    if 0xD800 <= value <= 0xDFFF or value > 0x10FFFF:
        raise YamlError(f"invalid unicode: {value}", behind)
    return chr(value).encode("utf-8").decode("latin-1"), behind


def clip(scalar: str, escaped: int) -> str:
    """At most one line end at the end, but nothing taken from before `escaped`, where the last escape ended."""
    last = len(scalar.rstrip("\n")) - 1
    if escaped >= 0 and last < escaped:
        last = escaped
    return "" if last < 0 else scalar[: last + 2]
