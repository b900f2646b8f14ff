"""What stands left or right of an operator, made ready to be read from events: fields and transformers around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rules_export.catalog.fields import lookup
from rules_export.evaluation import transformers
from rules_export.evaluation.event import Event, Read, access, digits
from rules_export.falco_checks.operands import check_operand
from rules_export.language.ast import Field, Transformer, TransformerList, Value, ValueList
from rules_export.language.ast import Operand as AnyOperand
from rules_export.language.visitor import fold

#: Types whose values are texts.
TEXTS = frozenset({"CHARBUF", "FSPATH", "FSRELPATH", "BYTEBUF"})
_NO_NUMBERS = TEXTS | {"IPADDR", "IPNET", "IPV4ADDR", "IPV6ADDR", "BOOL", "DOUBLE"}


@dataclass(frozen=True, slots=True)
class Operand:
    """A readable operand.

    read: event to value, None where it has none. keys: one group of event keys for each field inside; each needs one
    key present. type, is_list: Falco's. plain: the event key if the value is just looked up. padded: Falco keeps the
    value with a NUL behind it, so that a lookup in a set never finds it (its one-argument text transformers do that).
    """

    read: Read
    keys: tuple[tuple[str, ...], ...]
    type: str
    is_list: bool = False
    plain: str | None = None
    padded: bool = False


def operand(node: Field | Transformer, source: str, plugins: str) -> Operand:
    """Make `node` readable. Raises CatalogError, with Falco's text, for what Falco refuses."""
    check_operand(node, source, plugins)

    def build(one: AnyOperand, parts: list[Operand]) -> Operand:
        match one:
            case Field():
                return _field(one, source, plugins)
            case Transformer():
                return _transformed(one, tuple(parts))
            case TransformerList():
                return _list(tuple(parts))
            case Value(text):
                return Operand(_constant(text), (), "CHARBUF")
            case ValueList(items):
                return Operand(_constant(list(items)), (), "CHARBUF", True)

    return fold(node, build)


def _field(node: Field, source: str, plugins: str) -> Operand:
    info = lookup(node.name, node.arg, source, plugins)
    found = access(node.name, node.arg)
    if (node.name == "fd.dev" or node.name.startswith("evt.rawarg.")) and info.type not in _NO_NUMBERS:
        found = digits(found, node.name)
    return Operand(found.read, (found.keys,), info.type, info.is_list, found.plain)


def _constant(value: object) -> Read:
    return lambda event: value


def _list(members: tuple[Operand, ...]) -> Operand:
    """Texts and numbers as one list of texts; a member that is a list itself gives its elements."""
    reads = tuple(member.read for member in members)
    keys = tuple(group for member in members for group in member.keys)

    def listed(event: Event) -> Any:
        values: list[Any] = []
        for read in reads:
            value = read(event)
            if value is None:
                return None
            values.extend(value if isinstance(value, (list, tuple)) else (value,))
        return [value if isinstance(value, str) else transformers.as_decimal(value) for value in values]

    return Operand(listed, keys, "CHARBUF", True)


def _transformed(node: Transformer, inner: tuple[Operand, ...]) -> Operand:
    keys = tuple(group for member in inner for group in member.keys)
    first = inner[0]
    if node.name == "val":
        return first
    if node.name == "len":
        return Operand(_length(first.read), keys, "UINT64")
    if node.name == "concat":
        reads = tuple(member.read for member in inner)
        return Operand(lambda event: transformers.concat([read(event) for read in reads]), keys, "CHARBUF")
    if node.name == "join":
        return Operand(_pairwise(transformers.join, first.read, inner[1].read), keys, "CHARBUF")
    if node.name == "getopt":
        chosen = node.arg
        return Operand(
            _pairwise(lambda argv, letters: transformers.getopt(argv, letters, chosen), first.read, inner[1].read),
            keys,
            "CHARBUF",
            chosen is None,
        )
    change = transformers.TEXT_TRANSFORMERS[node.name]
    read = _each(change, first.read) if first.is_list else _one(change, first.read)
    return Operand(read, keys, first.type, first.is_list, padded=True)


def _length(read: Read) -> Read:
    def length(event: Event) -> Any:
        value = read(event)
        return None if value is None else transformers.length(value)

    return length


def _pairwise(join: Callable[[Any, Any], Any], left: Read, right: Read) -> Read:
    return lambda event: join(left(event), right(event))


def _one(change: Callable[[str], str | None], read: Read) -> Read:
    def changed(event: Event) -> Any:
        value = read(event)
        return None if value is None else change(value)

    return changed


def _each(change: Callable[[str], str | None], read: Read) -> Read:
    def changed(event: Event) -> Any:
        values = read(event)
        if values is None:
            return None
        made = [value if value is None else change(value) for value in values]
        return None if None in made else made

    return changed
