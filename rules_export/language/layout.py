"""A long condition laid out over lines as rule authors do: one clause a line, connectives in front, groups indented."""

from __future__ import annotations

from rules_export.language.ast import And, Compare, Node, Not, Operand, Or, ValueList
from rules_export.language.printer import Kinds, literal, spelled_out, to_text
from rules_export.language.visitor import fold

_INDENT = "  "
_DEEPEST = 60  # beyond, extra parentheses could run into Falco's depth limit, and lines would start off the page


def pretty(node: Node, width: int = 100) -> str:
    """Write `node` over as many lines of about `width` columns as it needs; parses back to an equal tree."""
    if fold(node, _height) > _DEEPEST:
        return to_text(node)
    text = spelled_out(node)
    return text if len(text) <= width else "\n".join(_lines(node, width))


def _height(_: Node | Operand, parts: list[int]) -> int:
    return 1 + max(parts, default=0)


def _lines(node: Node, width: int) -> list[str]:
    match node:
        case And(args):
            return _chain("and", args, width)
        case Or(args):
            return _chain("or", args, width)
        case Not(arg):
            lines = _member(arg, width - 4, (And, Or, Not))
            return ["not " + lines[0], *lines[1:]]
        case Compare(left, op, ValueList(items)) if len(to_text(node)) > width and len(items) > 1:
            return [f"{to_text(left)} {op} (", *_filled(items, width - len(_INDENT)), ")"]
        case _:
            return [to_text(node)]


def _chain(word: str, args: tuple[Node, ...], width: int) -> list[str]:
    lines = _member(args[0], width)
    for arg in args[1:]:
        first, *others = _member(arg, width - len(word) - 1)
        lines += [f"{word} {first}", *others]
    return lines


def _member(node: Node, width: int, kinds: Kinds = (And, Or)) -> list[str]:
    """One member of a chain; groups get parentheses even where precedence would do without, for the reader."""
    if not isinstance(node, kinds):
        return _lines(node, width)
    text = f"({spelled_out(node)})"
    if len(text) <= width:
        return [text]
    return ["(", *(_INDENT + line for line in _lines(node, width - len(_INDENT))), ")"]


def _filled(items: tuple[str, ...], width: int) -> list[str]:
    """The items of a list, separated by commas, over indented lines of about `width` columns."""
    lines: list[str] = []
    line = ""
    for index, item in enumerate(items):
        piece = literal(item) + ("," if index < len(items) - 1 else "")
        if line and len(line) + 1 + len(piece) > width:
            lines.append(_INDENT + line)
            line = piece
        else:
            line = f"{line} {piece}" if line else piece
    return [*lines, _INDENT + line]
