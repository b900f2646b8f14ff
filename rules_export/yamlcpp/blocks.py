"""Literal and folded block scalars, line by line as the YAML library of Falco reads them."""

from __future__ import annotations

import re
from functools import cache

from rules_export.yamlcpp.scalars import BLANKS, BREAKS, TAB_IN_INDENTATION, Cursor, clip, escape
from rules_export.yamlcpp.text import YamlError

_BLOCK_STOP = re.compile(r"[\n\r\0\x04]")
_CHOMP = re.compile(r"[+-][0-9]|[0-9][+-]|[+-]|[0-9]")
_NO_BREAK = re.compile(r"[^\n\r]*")
_SPACES = re.compile(r" +")
_BLANK_RUN = re.compile(r"[ \t]*")


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
        return clip(scalar, escaped)
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
    scalar, escaped, found_text = "", -1, False
    joints = _Joints(folded)
    while pos < size:
        while pos < size and text[pos] not in "\n\r\x04":  # the rest of the line
            found_text = True
            if text[pos] == "\0":
                piece, pos = escape(text, pos)
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
        scalar += joints.before(here, pos - start >= indent, found_text)
        if here not in BREAKS and pos - start < indent:
            break
    cursor.pos = pos
    return scalar, escaped


class _Joints:
    """What stands between the lines of a block scalar: a line end, or what folding makes of it."""

    __slots__ = ("began_more", "breaks", "empty", "folded", "more", "opened")

    def __init__(self, folded: bool) -> None:
        self.folded = folded
        self.opened = self.empty = self.more = self.began_more = False
        self.breaks = 0

    def before(self, here: str, inside: bool, found_text: bool) -> str:
        """What comes before a line that begins with `here`. inside: it is as far in as the scalar."""
        empty, more = here in BREAKS, here in BLANKS
        if self.folded and self.breaks == 0 and empty:
            self.began_more = self.more
        joint = ""
        if self.opened or found_text:
            joint = self._fold(empty, more, inside, found_text) if self.folded else "\n"
        self.empty, self.more, self.opened = empty, more, True
        return joint

    def _fold(self, empty: bool, more: bool, inside: bool, found_text: bool) -> str:
        joint = ""
        if inside and not (self.empty or empty or self.more or more):
            joint = " "
        elif empty:
            self.breaks += 1
        else:
            joint = "\n"
        if not empty and self.breaks:
            joint += "\n" * (self.breaks - 1)
            if self.began_more or more or not found_text:
                joint += "\n"
            self.breaks = 0
        return joint
