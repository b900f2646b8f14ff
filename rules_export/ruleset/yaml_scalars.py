"""How the YAML library of Falco reads scalars, down to its oddities.

A reader gets the cursor standing on the scalar, moves it behind it and returns the text (in bytes, see yaml_text). The
library goes line by line: the rest of the line, the line end, the blanks that begin the next line. Byte 4 is its own
sign for the end of the text, so that it ends things where it stands; byte 0 acts like a backslash outside quotes.
"""

from __future__ import annotations

import re
from functools import cache

from rules_export.errors import FatalLoadError
from rules_export.ruleset.yaml_text import YamlError

BLANKS = " \t"
BREAKS = "\n\r"

#: A `---` or `...` that begins a line.
DOCUMENT_MARK = re.compile(r"(?:---|\.\.\.)(?:[ \t\n\r\x04]|\Z)")

_PLAIN_END = re.compile(r":(?=[ \t\n\r\x04]|\Z)|[ \t]#|[\n\r\0]")
_PLAIN_END_IN_FLOW = re.compile(r"[,?\[\]{}]|:(?=[ \t\n\r\x04,\]}]|\Z)|[ \t]#|[\n\r\0]")
_SINGLE_STOP = re.compile(r"['\n\r]")
_DOUBLE_STOP = re.compile(r"[\"\\\n\r]")
_BLOCK_STOP = re.compile(r"[\n\r\0\x04]")
_CHOMP = re.compile(r"[+-][0-9]|[0-9][+-]|[+-]|[0-9]")
_NO_BREAK = re.compile(r"[^\n\r]*")
_SPACES = re.compile(r" +")
_BLANK_RUN = re.compile(r"[ \t]*")

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
            piece, pos = _escape(text, end)
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
    scalar, kept = pieces.text(), max(pieces.escaped, 0)
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
                pos = end + 2
                continue
            cursor.pos = end + 1
            return _clip(pieces.text(), pieces.escaped)
        if char == "\\":
            if not text.startswith(("\n", "\r"), end + 1):
                piece, pos = _escape(text, end)
                pieces.escape(piece)
                continue
            pieces.escape("")
            joined, end = True, end + 1
        pieces.end_line()
        pos = _skip_indentation(cursor, cursor.eat_break(end), 0, False)
        next_empty = pos < size and text[pos] in BREAKS
        pieces.fold(next_empty, after_empty or joined)
        after_empty, joined = next_empty, False
    cursor.pos = pos
    return _clip(pieces.text(), pieces.escaped)


def _escape(text: str, at: int) -> tuple[str, int]:
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


def _clip(scalar: str, escaped: int) -> str:
    """At most one line end at the end, but nothing taken from before `escaped`, where the last escape ended."""
    last = len(scalar.rstrip("\n")) - 1
    if escaped >= 0 and last < escaped:
        last = escaped
    return "" if last < 0 else scalar[: last + 2]


def read_block(cursor: Cursor, top_indent: int) -> str:
    """A literal (`|`) or folded (`>`) block scalar inside a collection that is indented by `top_indent`."""
    text, size = cursor.text, cursor.size
    folded = text[cursor.pos] == ">"
    pos, chomp, indent, detect = cursor.pos + 1, "", 1, True
    header = _CHOMP.match(text, pos)
    for char in header.group() if header else "":
        pos += 1
        if char in "+-":
            chomp = char
        elif char == "0":
            raise YamlError("cannot set zero indentation for a block scalar", pos)
        else:
            indent, detect = int(char), False
    pos = _match_end(_BLANK_RUN, text, pos)
    if text.startswith("#", pos):
        pos = _match_end(_NO_BREAK, text, pos)
    if pos < size and text[pos] not in BREAKS:
        raise YamlError("unexpected character in block scalar", pos)
    cursor.pos = pos
    top_indent = max(top_indent, 0)
    if detect and not chomp and text.startswith("\n", pos):
        simple = _even_lines(cursor, top_indent, folded)
        if simple is not None:
            return simple
    scalar, escaped = _block_lines(cursor, indent + top_indent, detect, folded)
    if chomp == "+":
        return scalar
    if chomp == "":
        return _clip(scalar, escaped)
    last = max(len(scalar.rstrip("\n")) - 1, escaped)
    return scalar[: last + 1]


@cache
def _even(indent: int) -> re.Pattern[str]:
    """Lines that are indented by exactly so much and hold nothing odd, up to a line that is indented less."""
    line = rf" {{{indent}}}[^ \t\n\r\0\x04][^\n\r\0\x04]*+\n"
    return re.compile(rf"((?:{line})++) {{0,{indent - 1}}}(?=[^ \t\n\r\0\x04])")


def _even_lines(cursor: Cursor, top_indent: int, folded: bool) -> str | None:
    """A block scalar of even lines, at one blow; None, and nothing moved, for any other."""
    text, begin = cursor.text, cursor.pos + 1
    first = _SPACES.match(text, begin)
    indent = first.end() - begin if first else 0
    if cursor.break_char != "\n" or not top_indent < indent < 100:
        return None
    found = _even(indent).match(text, begin)
    if found is None:
        return None
    cursor.line_start, cursor.pos = found.end(1), found.end()
    body = found.group(1)[indent:-1].replace("\n" + " " * indent, " " if folded else "\n")
    return body + "\n"


def _match_end(pattern: re.Pattern[str], text: str, pos: int) -> int:
    found = pattern.match(text, pos)
    return found.end() if found else pos


def _block_lines(cursor: Cursor, indent: int, detect: bool, folded: bool) -> tuple[str, int]:
    """The lines of a block scalar; also where the last escape ended, -1 for none."""
    text, size, pos = cursor.text, cursor.size, cursor.pos
    scalar, escaped, found_text, past_opening = "", -1, False, False
    empty = more_indented = began_more_indented = False
    folded_breaks = 0
    while pos < size:
        while pos < size and text[pos] not in "\n\r\x04":  # the rest of the line
            found_text = past_opening = True
            if text[pos] == "\0":
                piece, pos = _escape(text, pos)
                scalar += piece
                escaped = len(scalar)
                continue
            stop = _BLOCK_STOP.search(text, pos)
            end = stop.start() if stop else size
            scalar += text[pos:end]
            pos = end
        if pos >= size or text[pos] == "\x04":
            break
        pos = cursor.eat_break(pos)
        start = cursor.line_start
        while pos < size and text[pos] == " " and (pos - start < indent or (detect and not found_text)):
            pos += 1
        if detect and not found_text:
            indent = max(indent, pos - start)
        here = text[pos] if pos < size else "\x04"
        if here == "\t" and pos - start < indent:
            raise YamlError(TAB_IN_INDENTATION, pos)
        next_empty, next_more = here in BREAKS, here in BLANKS
        if folded and folded_breaks == 0 and next_empty:
            began_more_indented = more_indented
        if past_opening and not folded:
            scalar += "\n"
        elif past_opening:
            if not (empty or next_empty or more_indented or next_more) and pos - start >= indent:
                scalar += " "
            elif next_empty:
                folded_breaks += 1
            else:
                scalar += "\n"
            if not next_empty and folded_breaks > 0:
                scalar += "\n" * (folded_breaks - 1)
                if began_more_indented or next_more or not found_text:
                    scalar += "\n"
                folded_breaks = 0
        empty, more_indented, past_opening = next_empty, next_more, True
        if not next_empty and pos - start < indent:
            break
    cursor.pos = pos
    return scalar, escaped
