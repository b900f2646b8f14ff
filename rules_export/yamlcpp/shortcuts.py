"""Shortcuts for the plain shapes that make up most of a rules file: `key: value` on one line, `- value`, `[a, b]`.

A shortcut either does at one blow what the scanner and the composer would do token by token, and leaves both in the
same state, or it declines and touches nothing but blanks and line ends, which are nobody's. So it changes the speed of
reading and nothing else; a test reads everything both ways.
"""

from __future__ import annotations

import re
from functools import cache

from rules_export.yamlcpp.blocks import read_block
from rules_export.yamlcpp.node import NULL, NULL_WORDS, SCALAR, SEQUENCE, Node
from rules_export.yamlcpp.queue import MAP_INDENT, SEQ_INDENT
from rules_export.yamlcpp.scanner import BLOCK_KEY, Scanner
from rules_export.yamlcpp.text import readable
from rules_export.yamlcpp.tokens import VALID

_ENTRY = re.compile(r"- +(?=[A-Za-z0-9_/.\"'])")
_SPACES = re.compile(r" +")
_LINE = re.compile(r"[A-Za-z0-9_/.(][^\n\r\t\0\x04]*")
_QUOTED = re.compile(r"\"[^\"\\\n\r]*\"|'[^'\n\r]*'(?!')")
_BLOCK_HEADER = re.compile(r"[>|][+-]?\n")
_FLOW = re.compile(r"\[([A-Za-z0-9_/. ,-]{0,4000}+)\]")
_MEMBER = re.compile(r"[^ ,](?:[^,]*[^ ,])?")


@cache
def _dedent(column: int) -> re.Pattern[str]:
    """Line ends after which the text goes on no further right than `column`: they end a plain scalar."""
    return re.compile(r"\n+ {0,%d}(?=[^ \n\r\t#])" % column)  # noqa: UP031


def simple_key(scanner: Scanner) -> Node | None:
    """Take `name:` if the next thing is one, at the column of the mapping that is open."""
    pos = _at_line_start(scanner, MAP_INDENT)
    found = BLOCK_KEY.match(scanner.text, pos) if pos >= 0 else None
    if found is None:
        return None
    scanner.after_value(found.end())
    return Node(SCALAR, pos, found.group(1))


def simple_entry(scanner: Scanner) -> Node | None:
    """Take `- value` if the next thing is one, in the column of the sequence that is open."""
    pos = _at_line_start(scanner, SEQ_INDENT)
    found = _ENTRY.match(scanner.text, pos) if pos >= 0 else None
    if found is None:
        return None
    return _plain(scanner, found.end())


def _at_line_start(scanner: Scanner, type_: int) -> int:
    """Where the next token begins, if a line of the innermost collection, of this type, begins there; else -1."""
    if not scanner.idle():
        return -1
    cursor, indent = scanner.cursor, scanner.indents[-1]
    scanner.skip_to_token()
    pos = cursor.pos
    if not scanner.key_allowed or (indent.type, indent.status) != (type_, VALID):
        return -1
    if pos - cursor.line_start != indent.column:
        return -1
    return pos


def simple_value(scanner: Scanner) -> Node | None:
    """Take the value behind `key:` if it is a scalar on one line, a block scalar, or a plain `[a, b]`."""
    text, start = scanner.text, scanner.cursor.pos
    spaces = _SPACES.match(text, start)
    if spaces is None or not scanner.idle():
        return None
    pos = spaces.end()
    char = text[pos : pos + 1]
    if char == '"' or char == "'":
        return _quoted(scanner, pos)
    if char == "[":
        return _flow(scanner, pos)
    if char == ">" or char == "|":
        if scanner.cursor.break_char != "\n" or not _BLOCK_HEADER.match(text, pos):
            return None
        scanner.cursor.pos = pos
        scalar = read_block(scanner.cursor, scanner.indents[-1].column)
        scanner.after_scalar(key_allowed=True)
        return Node(SCALAR, pos, readable(scalar))
    return _plain(scanner, pos)


def _plain(scanner: Scanner, pos: int) -> Node | None:
    text, cursor = scanner.text, scanner.cursor
    line = _LINE.match(text, pos)
    if line is None or cursor.break_char != "\n":
        return None
    scalar = line.group()
    if ": " in scalar or " #" in scalar or scalar[-1] == ":":
        return None
    end = _dedent(scanner.indents[-1].column).match(text, line.end())
    if end is None:
        return None
    scalar = scalar.rstrip(" ")
    cursor.line_start = text.rfind("\n", pos, end.end()) + 1
    cursor.pos = end.end()
    scanner.after_scalar(key_allowed=True)
    if scalar in NULL_WORDS:
        return Node(NULL, pos)
    return Node(SCALAR, pos, readable(scalar))


def _quoted(scanner: Scanner, pos: int) -> Node | None:
    found = _QUOTED.match(scanner.text, pos)
    if found is None:
        return None
    scanner.cursor.pos = found.end()
    scanner.after_quoted()
    return Node(SCALAR, pos, readable(found.group()[1:-1]))


def _flow(scanner: Scanner, pos: int) -> Node | None:
    found = _FLOW.match(scanner.text, pos)
    if found is None:
        return None
    inside = found.group(1)
    members = [_member(scanner, one) for one in _MEMBER.finditer(scanner.text, found.start(1), found.end(1))]
    commas = inside.count(",")
    if commas not in (len(members), len(members) - 1) or None in members or _lone_comma(inside):
        return None
    node = Node(SEQUENCE, pos)
    node.items = [member for member in members if member is not None]
    scanner.cursor.pos = found.end()
    scanner.after_flow()
    scanner.count(len(members))
    return node


def _lone_comma(inside: str) -> bool:
    """Whether two commas, or the beginning and a comma, stand together: there the general way reads a null."""
    dense = inside.replace(" ", "")
    return dense.startswith(",") or ",," in dense


def _member(_scanner: Scanner, found: re.Match[str]) -> Node | None:
    text = found.group()
    if text[0] == "-":
        return None
    return Node(NULL, found.start()) if text in NULL_WORDS else Node(SCALAR, found.start(), text)
