"""Values of a YAML mapping as Falco decodes them: text, booleans, numbers, sequences; each failure in its words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rules_export.ruleset.context import LIST_ITEM, VALUE_FOR, YAML_VALIDATE, Context, LoadError
from rules_export.yamlcpp.node import NULL, SCALAR, SEQUENCE, Node

Fields = Mapping[str, Node]

_TRUE = {"y", "yes", "true", "on"}
_FALSE = {"n", "no", "false", "off"}
_UNSIGNED = re.compile(r"\+?(?:(0[xX][0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))[ \t\n\v\f\r]*")


def invalid(message: str, context: Context) -> LoadError:
    """An error in a file's structure."""
    return LoadError(YAML_VALIDATE, message, context)


def required_text(fields: Fields, key: str, context: Context) -> str:
    """The non-empty text under `key`."""
    node = fields.get(key)
    if node is None:
        raise invalid(f"Item has no mapping for key '{key}'", context)
    return _text_of(node, key, context)


def _text_of(node: Node, key: str, context: Context) -> str:
    if node.kind == SCALAR and node.text:
        return node.text
    if node.kind == NULL:
        raise invalid(f"Mapping for key '{key}' is empty", context)
    place = context.child(VALUE_FOR, key, node.mark)
    if node.kind != SCALAR:
        raise invalid("Value is not a scalar value", place)
    raise invalid("Value must be non-empty", place)


def optional_text(fields: Fields, key: str, context: Context, default: str) -> str:
    """The non-empty text under `key`, or the default where there is no such key."""
    return default if key not in fields else required_text(fields, key, context)


def text_if_stated(fields: Fields, key: str, context: Context) -> str:
    """The text under `key`, "" where it is absent, null or empty."""
    node = fields.get(key)
    if node is None or node.kind == NULL:
        return ""
    if node.kind != SCALAR:
        raise invalid("Value is not a scalar value", context.child(VALUE_FOR, key, node.mark))
    return node.text


def required_bool(fields: Fields, key: str, context: Context) -> bool:
    """The truth value under `key`; quotes make no difference."""
    value = as_bool(required_text(fields, key, context))
    if value is None:
        raise _undecodable(fields, key, context)
    return value


def optional_bool(fields: Fields, key: str, context: Context, default: bool) -> bool:
    """The truth value under `key`, or the default where there is no such key."""
    return default if key not in fields else required_bool(fields, key, context)


def required_unsigned(fields: Fields, key: str, context: Context) -> int:
    """The unsigned number of 32 bits under `key`."""
    value = as_unsigned(required_text(fields, key, context))
    if value is None:
        raise _undecodable(fields, key, context)
    return value


def optional_unsigned(fields: Fields, key: str, context: Context, default: int) -> int:
    """The unsigned number under `key`, or the default where there is no such key."""
    return default if key not in fields else required_unsigned(fields, key, context)


def _undecodable(fields: Fields, key: str, context: Context) -> LoadError:
    return invalid("Can't decode YAML scalar value", context.child(VALUE_FOR, key, fields[key].mark))


def texts(fields: Fields, key: str, context: Context) -> list[str]:
    """The scalars of the sequence under `key`, empty ones included."""
    node = fields.get(key)
    if node is None:
        raise invalid(f"Item has no mapping for key '{key}'", context)
    if node.kind != SEQUENCE:
        raise invalid("Value is not a sequence", context.child(VALUE_FOR, key, node.mark))
    found = []
    for item in node.items:
        if item.kind != SCALAR:
            place = context.child(VALUE_FOR, key, node.mark).child(LIST_ITEM, "", item.mark)
            raise invalid("sequence value is not scalar", place)
        found.append(item.text)
    return found


def as_bool(text: str) -> bool | None:
    """`y`, `yes`, `true`, `on` and their contraries, in lower case, in upper case or capitalised."""
    if text not in (text.lower(), text.upper(), text.capitalize()):
        return None
    word = text.lower()
    return True if word in _TRUE else False if word in _FALSE else None


def as_unsigned(text: str) -> int | None:
    """A number of 32 bits in C's notations: decimal, octal with a leading 0, hexadecimal with 0x."""
    found = _UNSIGNED.fullmatch(text)
    if found is None or len(text) > 40:
        return None
    hexadecimal, octal, decimal = found.groups()
    value = int(hexadecimal, 16) if hexadecimal else int(octal, 8) if octal else int(decimal)
    return value if value < 2**32 else None
