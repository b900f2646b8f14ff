"""One condition taken apart into what a form edits (field, operator, value and more), and put together."""

from __future__ import annotations

from dataclasses import dataclass

from rules_export.errors import ConditionSyntaxError
from rules_export.language import lexer
from rules_export.language.ast import (
    And,
    Compare,
    Exists,
    Field,
    Identifier,
    Node,
    Not,
    Or,
    Transformer,
    Value,
    ValueList,
)
from rules_export.language.editing import EditError
from rules_export.language.operators import EXISTS, LIST_OPERATORS, MODIFIERS, NUMBER_OPERATORS, OPERATORS, split
from rules_export.language.parser import parse
from rules_export.language.printer import argument as brackets
from rules_export.language.printer import to_text
from studio.authoring.builder import literals

#: Transformers that a menu offers; others are written as part of the field, such as `getopt(proc.args)[d]`.
SIMPLE = ("tolower", "toupper", "basename", "len", "b64")


@dataclass(frozen=True, slots=True)
class Pieces:
    """A condition as typed.

    name: a field, a macro, or a field with transformers written out. argument: what stands in the field's brackets.
    op: without modifier; "" for a macro. value: the right side; for operators that take a list one value a line.
    """

    name: str = ""
    argument: str = ""
    transformer: str = ""
    op: str = ""
    modifier: str = ""
    value: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed."""
        return not (self.name.strip() or self.value.strip())

    @property
    def is_macro(self) -> bool:
        """Whether the name is that of a macro: it has neither a dot nor brackets."""
        return lexer.IDENTIFIER.fullmatch(self.name.strip()) is not None

    @property
    def takes_list(self) -> bool:
        """Whether the value is a list."""
        return self.op in LIST_OPERATORS or bool(self.modifier)


def take_apart(node: Node) -> Pieces:
    """The pieces of a check or a macro (without a `not` around it)."""
    match node:
        case Identifier(name):
            return Pieces(name=name)
        case Exists(left):
            return _left(left, EXISTS)
        case Compare(left, op, right):
            base, modifier = split(op)
            listed = base in LIST_OPERATORS or modifier
            value = (
                literals.show_item(right.text) if listed and isinstance(right, Value) else literals.show_right(right)
            )
            return _left(left, base, modifier, value)
        case And() | Or() | Not():
            raise EditError("A group has no field: its members have.")


def put_together(pieces: Pieces) -> Node:
    """The condition that the pieces stand for. Raises EditError with a sentence for the first thing that is wrong."""
    name = pieces.name.strip()
    if not name:
        raise EditError("Name the field that the condition looks at, or a macro.")
    if pieces.is_macro:
        return _checked(Identifier(name))
    left = _read_left(pieces)
    if pieces.op not in OPERATORS:
        raise EditError(f"Choose how {name} is compared.")
    if pieces.modifier and pieces.modifier not in MODIFIERS:
        raise EditError("The modifiers are oneof, anyof and allof.")
    if pieces.op == EXISTS:
        return _checked(Exists(left))
    op = f"{pieces.op} {pieces.modifier}" if pieces.modifier and pieces.op not in _WITHOUT_MODIFIER else pieces.op
    return _checked(Compare(left, op, _right(pieces, split(op)[1])))


_WITHOUT_MODIFIER = (*LIST_OPERATORS, *NUMBER_OPERATORS)


def _right(pieces: Pieces, modifier: str) -> Value | ValueList | Field | Transformer:
    if pieces.op in LIST_OPERATORS or modifier:
        if literals.is_call(pieces.value):
            return literals.read_right(pieces.value)
        items = literals.read_items(pieces.value)
        if not items and pieces.value.strip() != literals.EMPTY:
            raise EditError(f"{pieces.name.strip()} {pieces.op} … needs at least one value, one on each line.")
        return ValueList(items)
    if not pieces.value.strip():
        raise EditError('The value is missing. To compare with an empty text, write "".')
    if "\n" in pieces.value.strip():
        raise EditError(f"{pieces.op} compares with one value. For several choose in, or a modifier.")
    return literals.read_right(pieces.value)


def _left(left: Field | Transformer, op: str, modifier: str = "", value: str = "") -> Pieces:
    if isinstance(left, Field) and _plain(left.arg):
        return Pieces(left.name, left.arg or "", "", op, modifier, value)
    if isinstance(left, Transformer) and left.name in SIMPLE and len(left.args) == 1 and left.arg is None:
        inner = left.args[0]
        if isinstance(inner, Field) and _plain(inner.arg):
            return Pieces(inner.name, inner.arg or "", left.name, op, modifier, value)
    return Pieces(to_text(left), "", "", op, modifier, value)


def _plain(argument: str | None) -> bool:
    """Whether an argument survives an input of its own; others stay in their brackets."""
    return argument is None or (argument.isprintable() and argument != "" and argument == argument.strip())


def _read_left(pieces: Pieces) -> Field | Transformer:
    """The left side; whatever a person may write there is read by the engine itself."""
    text = pieces.name.strip()
    if pieces.argument.strip() and "[" not in text and "(" not in text:
        text += brackets(pieces.argument.strip())
    if pieces.transformer:
        if pieces.transformer not in SIMPLE:
            raise EditError("There is no such transformer in the menu. Write it out as part of the field.")
        text = f"{pieces.transformer}({text})"
    try:
        tree = parse(f"{text} exists")
    except ConditionSyntaxError as error:
        raise EditError(f"{pieces.name.strip()[:80]} is not a field: {error}") from error
    if not isinstance(tree, Exists):
        raise EditError(f"{pieces.name.strip()[:80]} is more than one field. Add a second condition for the rest.")
    return tree.left


def _checked(node: Node) -> Node:
    """The node, when Falco reads the text it prints to as the same node."""
    text = to_text(node)
    try:
        if parse(text) == node:
            return node
        problem = "Falco would read it as something else."
    except ConditionSyntaxError as error:
        problem = str(error)
        if isinstance(node, Compare) and split(node.op)[0] in NUMBER_OPERATORS:
            problem = f"{node.op} compares with a number."
    raise EditError(f"{text[:120]} cannot be a condition: {problem}")
