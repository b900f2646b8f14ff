"""Values as people type them into a field of a form: bare where that is plain, in double quotes where it is not."""

from __future__ import annotations

import re

from rules_export.errors import ConditionSyntaxError
from rules_export.language.ast import Compare, Field, Operand, Transformer, Value, ValueList
from rules_export.language.editing import EditError
from rules_export.language.escapes import quote
from rules_export.language.operators import FIELD_TRANSFORMER, TRANSFORMERS
from rules_export.language.parser import parse
from rules_export.language.printer import to_text

#: How a field or a transformer on the right side begins.
_CALL = re.compile(rf"(?:{'|'.join((FIELD_TRANSFORMER, *TRANSFORMERS))})\(")

#: How a list without values is written.
EMPTY = "()"
#: Values of one list; more would be no rule any more.
MOST = 5000


def show(text: str) -> str:
    """A value as it stands in a form: itself, or quoted where it would be read as something else or get lost."""
    plain = text and text.isprintable() and text == text.strip() and text[0] not in "\"'" and not _CALL.match(text)
    return text if plain else quote(text)


def read(text: str) -> str:
    """The value that a form's text stands for. Raises EditError for a quote that is not closed."""
    text = text.strip()
    if text[:1] not in ('"', "'"):
        return text
    tree = _parsed(f"a.b = {text}")
    if not (isinstance(tree, Compare) and isinstance(tree.right, Value)):
        raise EditError(f"{text[:60]} is not one value: the quotes do not fit.")
    return tree.right.text


def show_right(right: Operand) -> str:
    """The right side of a comparison as it stands in a form; a list as one value a line."""
    if isinstance(right, ValueList):
        return "\n".join(show_item(item) for item in right.items) or EMPTY
    return show(right.text) if isinstance(right, Value) else to_text(right)


def is_call(text: str) -> bool:
    """Whether a form's text is a field or a transformer on the right side, such as `val(proc.pname)`."""
    return _CALL.match(text.strip()) is not None and "\n" not in text.strip()


def read_right(text: str) -> Value | Field | Transformer:
    """The right side that a form's text stands for: a value, or a call such as `val(proc.pname)`."""
    text = text.strip()
    if _CALL.match(text):
        tree = _parsed(f"a.b = {text}")
        if isinstance(tree, Compare) and isinstance(tree.right, Transformer | Field):
            return tree.right
    return Value(read(text))


def show_item(text: str) -> str:
    """One value of a list; those with a comma are quoted, because commas separate pasted values."""
    return quote(text) if text == EMPTY or "," in text or "\t" in text else show(text)


def read_items(text: str) -> tuple[str, ...]:
    """The values of a list: one a line, as copied from a column; commas and tabs separate too, outside quotes."""
    items: list[str] = []
    if text.strip() == EMPTY:
        return ()
    for line in text.split("\n"):
        items += (read(piece) for piece in _pieces(line))
        if len(items) > MOST:
            raise EditError(f"A list takes at most {MOST:,} values here; these are more.")
    return tuple(items)


def _pieces(line: str) -> list[str]:
    pieces, current, quoted, escaped = [], "", "", False
    for char in line:
        if not quoted and char in ",\t":
            pieces.append(current)
            current = ""
            continue
        if quoted:
            if char == quoted and not escaped:
                quoted = ""
            escaped = char == "\\" and not escaped
        elif char in "\"'" and not current.strip():
            quoted = char
        current += char
    return [piece for piece in [*pieces, current] if piece.strip()]


def _parsed(text: str) -> object:
    try:
        return parse(text)
    except ConditionSyntaxError as error:
        raise EditError(f"{text[6:66]} cannot be read: {error}") from error
