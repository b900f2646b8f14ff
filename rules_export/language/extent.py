"""Where a node of a condition's tree ends in the text that it was parsed from: the tree keeps beginnings only."""

from __future__ import annotations

import re

from rules_export.language.ast import And, Compare, Exists, Field, Identifier, Node, Not, Operand, Or, Value
from rules_export.language.cursor import position
from rules_export.language.escapes import from_bytes_text, to_bytes_text
from rules_export.spans import Span

_BLANKS = " \t\b\r\n"
_EXISTS = re.compile(r"\s*exists")
_BARE = re.compile(r"[^()\"'=,\s]*")
_QUOTED = re.compile(r"""(["']).*?(?<!\\)\1""", re.DOTALL)
_TOKEN = re.compile(r"""(["']).*?(?<!\\)\1|[()]|[^()"']+|["']""", re.DOTALL)


def span_of(text: str, node: Node | Operand) -> Span | None:
    """The stretch of the condition `text` that `node` was parsed from; None where it was not parsed from there."""
    found = _stretch(to_bytes_text(text), node)
    return Span(position(text, found[0]), position(text, found[1])) if found else None


def parenthesised(text: str, node: Node) -> bool:
    """Whether parentheses stand around `node` in the condition `text`."""
    data = to_bytes_text(text)
    found = _stretch(data, node)
    if found is None:
        return False
    return data[: found[0]].rstrip(_BLANKS).endswith("(") and data[found[1] :].lstrip(_BLANKS).startswith(")")


def outer_stretch(data: str, node: Node) -> tuple[int, int] | None:
    """Beginning and end of a node in the bytes of the text, with the parentheses that stand around it alone."""
    found = _stretch(data, node)
    while found is not None:
        before, after = data[: found[0]].rstrip(_BLANKS), data[found[1] :]
        if not before.endswith("(") or not after.lstrip(_BLANKS).startswith(")"):
            break
        found = len(before) - 1, len(data) - len(after.lstrip(_BLANKS)) + 1
    return found


def text_of(text: str, span: Span) -> str:
    """The piece of `text` that `span` covers."""
    return from_bytes_text(to_bytes_text(text)[span.start.offset : span.end.offset])


def _stretch(data: str, node: Node | Operand) -> tuple[int, int] | None:
    """Beginning and end of a node; with the parentheses of its first and last part, which the tree does not keep."""
    start, end = node.p, _end(data, node)
    if end is None or not start < end <= len(data):
        return None
    opened = closed = 0
    for found in _TOKEN.finditer(data, start, end):
        if found.group() == "(":
            opened += 1
        elif found.group() == ")":
            opened, closed = (opened - 1, closed) if opened else (0, closed + 1)
    for _ in range(closed):
        start = len(data[:start].rstrip(_BLANKS)) - 1
        if start < 0 or data[start] != "(":
            return None
    for _ in range(opened):
        end = len(data) - len(data[end:].lstrip(_BLANKS)) + 1
        if end > len(data) or data[end - 1] != ")":
            return None
    return start, end


def _end(data: str, node: Node | Operand) -> int | None:
    while isinstance(node, And | Or | Not | Compare):
        match node:
            case And(args) | Or(args):
                node = args[-1]
            case Not(arg):
                node = arg
            case Compare(_, _, right):
                node = right
    match node:
        case Identifier(name) | Field(name) if not data.startswith(name, node.p):
            return None
        case Identifier(name) | Field(name, None):
            return node.p + len(to_bytes_text(name))
        case Field(name):
            closed = data.find("]", node.p + len(to_bytes_text(name)))
            return closed + 1 if closed >= 0 else None
        case Exists(left):
            end = _end(data, left)
            found = _EXISTS.match(data, end) if end is not None else None
            return found.end() if found else None
        case Value():
            found = _QUOTED.match(data, node.p) or _BARE.match(data, node.p)
            return found.end() if found else None
        case _:
            return _closed(data, data.find("(", node.p))


def _closed(data: str, at: int) -> int | None:
    """The offset behind the parenthesis that closes the one at `at`; quotes are passed over."""
    depth = 0
    for found in _TOKEN.finditer(data, max(at, 0)):
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if depth == 0:
            return found.end()
    return None
