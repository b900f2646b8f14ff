"""Tree to condition text that parses back to an equal tree, with as few parentheses and quotes as that allows.

`to_text` never fails: a tree that Falco's grammar has no text for (`proc.name > abc`) prints as text that the parser
then refuses at the right place.
"""

from __future__ import annotations

from rules_export.language import lexer
from rules_export.language.ast import (
    And,
    Compare,
    Exists,
    Field,
    Identifier,
    Node,
    Not,
    Operand,
    Or,
    Transformer,
    TransformerList,
    Value,
    ValueList,
)
from rules_export.language.escapes import quote
from rules_export.language.operators import LIST_OPERATORS, MODIFIERS, NUMBER_OPERATORS, split
from rules_export.language.visitor import fold

#: Words of the language: as literals they stand in quotes, so that readers do not take them for more.
WORDS = frozenset({*MODIFIERS, "and", "or", "not", "in", "exists", "intersects"})

#: Characters that mean something to a shell, into which conditions get pasted.
_SHELL = frozenset(";|&`")

Kinds = tuple[type[And | Or | Not], ...]
_BARE, _BARE_ARGUMENT, _ = lexer.ASCII


def to_text(node: Node | Operand) -> str:
    """Write `node` on one line."""
    return fold(node, _write)


def spelled_out(node: Node | Operand) -> str:
    """The same with parentheses around each `and` inside an `or`, which precedence would do without, for the reader."""
    return fold(node, _spell_out)


def literal(text: str) -> str:
    """One literal as it is written behind an operator or in a list: bare where that reads back as the same text."""
    return text if _BARE.fullmatch(text) and text.isprintable() and not needs_quotes(text) else quote(text)


def needs_quotes(text: str) -> bool:
    """Whether a bare text would be misread by people, YAML or a shell, though Falco takes it."""
    return text.startswith("#") or text in WORDS or any(char in _SHELL for char in text)


def _spell_out(node: Node | Operand, parts: list[str]) -> str:
    return _chain(" or ", node, parts, (And, Or)) if isinstance(node, Or) else _write(node, parts)


def _chain(word: str, node: And | Or, parts: list[str], kinds: Kinds) -> str:
    return word.join(grouped(part, arg, kinds) for part, arg in zip(parts, node.args, strict=True))


def _write(node: Node | Operand, parts: list[str]) -> str:
    match node:
        case And():
            return _chain(" and ", node, parts, (And, Or))
        case Or():
            return _chain(" or ", node, parts, (Or,))
        case Not(arg):
            return "not " + grouped(parts[0], arg, (And, Or, Not))
        case Identifier(name):
            return name if name != "not" else "(not)"
        case Exists():
            return f"{parts[0]} exists"
        case Compare(_, op, right):
            return f"{parts[0]} {op} {right_hand_side(op, right, parts[1])}"
        case Field(name, arg):
            return name + argument(arg)
        case Transformer(name, args, arg):
            return f"{name}({_arguments(args, parts)}){argument(arg)}"
        case TransformerList(args):
            return f"({_arguments(args, parts)})"
        case ValueList(items):
            return f"({', '.join(map(literal, items))})"
        case Value(text):
            return literal(text)


def _arguments(args: tuple[Operand, ...], parts: list[str]) -> str:
    """A transformer's arguments; literals among them are numbers or quoted, never bare words."""
    pairs = zip(args, parts, strict=True)
    return ", ".join(_number_or_quoted(arg.text) if isinstance(arg, Value) else part for arg, part in pairs)


def grouped(text: str, node: Node, kinds: Kinds) -> str:
    """Put `text` into parentheses where `node` is of one of `kinds`."""
    return f"({text})" if isinstance(node, kinds) else text


def right_hand_side(op: str, right: Operand, text: str) -> str:
    """What stands behind `op`: numbers stay bare, and a name left over from a list stays a name."""
    if not isinstance(right, Value):
        return text
    base, modifier = split(op)
    if base in NUMBER_OPERATORS:
        return _number_or_quoted(right.text)
    if base in LIST_OPERATORS:
        return right.text if lexer.IDENTIFIER.fullmatch(right.text) else f"({text})"
    if modifier:
        return right.text if lexer.MODIFIER.match(f" {modifier} {right.text}") else f"({text})"
    return text


def argument(arg: str | None) -> str:
    """A field's argument in its brackets, or nothing."""
    if arg is None:
        return ""
    bare = _BARE_ARGUMENT.fullmatch(arg) and arg.isprintable()
    return f"[{arg if bare else quote(arg)}]"


def _number_or_quoted(text: str) -> str:
    number = lexer.NUMBER.fullmatch(text) or lexer.HEX.fullmatch(text)
    return text if number else quote(text)
