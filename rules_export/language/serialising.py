"""The tree as plain dictionaries, the shape of the machine interface: `{"t": "and", "p": 0, "args": […]}`.

Text that is not valid UTF-8 is written as `{"hex": "…"}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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
from rules_export.language.visitor import fold

Data = dict[str, Any]


def to_dict(node: Node | Operand) -> Data:
    """Give a node and all below it as plain data, ready for JSON."""
    return fold(node, _write)


def _write(node: Node | Operand, parts: list[Data]) -> Data:
    match node:
        case And(_, p):
            return {"t": "and", "p": p, "args": parts}
        case Or(_, p):
            return {"t": "or", "p": p, "args": parts}
        case Not(_, p):
            return {"t": "not", "p": p, "arg": parts[0]}
        case Identifier(name, p):
            return {"t": "id", "p": p, "name": name}
        case Exists(_, p):
            return {"t": "unary", "p": p, "op": "exists", "left": parts[0]}
        case Compare(_, op, _, p):
            return {"t": "binary", "p": p, "op": op, "left": parts[0], "right": parts[1]}
        case Field(name, arg, p):
            return {"t": "field", "p": p, "name": name, "arg": None if arg is None else _text(arg)}
        case Transformer(name, _, arg, p):
            return {"t": "tr", "p": p, "name": name, "args": parts, "arg": None if arg is None else _text(arg)}
        case Value(text, p):
            return {"t": "val", "p": p, "v": _text(text)}
        case ValueList(items, p):
            return {"t": "list", "p": p, "v": [_text(item) for item in items]}
        case TransformerList(_, p):
            return {"t": "tlist", "p": p, "args": parts}


def from_dict(data: Mapping[str, Any]) -> Node:
    """Build the tree that `to_dict` gave; raises ValueError for anything else."""
    try:
        node = fold(data, _read_node, _below)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"not a tree of a condition: {error!r}") from error
    if not isinstance(node, And | Or | Not | Identifier | Exists | Compare):
        raise ValueError(f"not a condition: {type(node).__name__}")
    return node


def _below(data: Mapping[str, Any]) -> list[Any]:
    match data["t"]:
        case "and" | "or" | "tr" | "tlist":
            return list(data["args"])
        case "not":
            return [data["arg"]]
        case "unary":
            return [data["left"]]
        case "binary":
            return [data["left"], data["right"]]
        case _:
            return []


def _read_node(data: Mapping[str, Any], parts: list[Any]) -> Any:
    return _BUILDERS[data["t"]](data, parts, int(data.get("p", 0)))


_BUILDERS: dict[str, Callable[[Mapping[str, Any], list[Any], int], Any]] = {
    "and": lambda data, parts, p: And(tuple(parts), p),
    "or": lambda data, parts, p: Or(tuple(parts), p),
    "not": lambda data, parts, p: Not(parts[0], p),
    "id": lambda data, parts, p: Identifier(data["name"], p),
    "unary": lambda data, parts, p: Exists(parts[0], p),
    "binary": lambda data, parts, p: Compare(parts[0], data["op"], parts[1], p),
    "field": lambda data, parts, p: Field(data["name"], _maybe(data.get("arg")), p),
    "tr": lambda data, parts, p: Transformer(data["name"], tuple(parts), _maybe(data.get("arg")), p),
    "val": lambda data, parts, p: Value(_read(data["v"]), p),
    "list": lambda data, parts, p: ValueList(tuple(_read(item) for item in data["v"]), p),
    "tlist": lambda data, parts, p: TransformerList(tuple(parts), p),
}


def _maybe(value: Any) -> str | None:
    return None if value is None else _read(value)


def _text(text: str) -> str | dict[str, str]:
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return {"hex": text.encode("utf-8", "surrogateescape").hex()}
    return text


def _read(value: Any) -> str:
    if isinstance(value, str):
        return value
    return bytes.fromhex(value["hex"]).decode("utf-8", "surrogateescape")
