"""What stands left or right in a check: the type of a field behind its transformers, and what Falco refuses there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from rules_export.catalog.fields import CatalogError, FieldInfo, lookup
from rules_export.catalog.operators import STRINGS, shown_type
from rules_export.language.ast import Field, Operand, Transformer, TransformerList
from rules_export.language.operators import FIELD_TRANSFORMER
from rules_export.language.visitor import fold


@dataclass(frozen=True, slots=True)
class Checked:
    """An operand that Falco accepts.

    name: the field's, as Falco's texts name it. type, is_list: behind all transformers. own_type, own_is_list: those of
    the field itself, which the transformers of several arguments look at (so that `concat(len(a.b), "x")` is taken).
    plain: no transformer stands around it.
    """

    name: str
    type: str
    is_list: bool
    own_type: str
    own_is_list: bool
    transformers_allowed: bool = True
    rhs_allowed: bool = True
    plain: bool = False


_TEXTS = STRINGS
_ACCEPTS: dict[str, frozenset[str]] = {
    "tolower": _TEXTS,
    "toupper": _TEXTS,
    "basename": _TEXTS,
    "b64": frozenset({"CHARBUF", "BYTEBUF"}),
    "len": _TEXTS | {"BYTEBUF"},
}


def check_operand(operand: Operand, source: str, plugins: str) -> Checked:
    """Work out the type of an operand. Raises CatalogError with Falco's text for the first thing refused."""
    if isinstance(operand, Field):
        return _field(operand, source, plugins)

    def build(node: Operand, parts: list[Checked]) -> Checked:
        match node:
            case Field():
                return _field(node, source, plugins)
            case Transformer():
                return _transformer(node, parts)
            case TransformerList():
                return _literal_list(parts)
            case _:
                return Checked("", "CHARBUF", False, "CHARBUF", False)

    return fold(operand, build)


def _field(field: Field, source: str, plugins: str) -> Checked:
    return _of_info(lookup(field.name, field.arg, source, plugins))


@lru_cache(maxsize=2048)
def _of_info(info: FieldInfo) -> Checked:
    return Checked(
        info.name, info.type, info.is_list, info.type, info.is_list, info.transformers_allowed, info.rhs_allowed, True
    )


def _literal_list(parts: list[Checked]) -> Checked:
    for part in parts:
        _check_wrappable(part)
    kind = parts[0].type if parts else "CHARBUF"
    return Checked("", kind, True, kind, True)


def _transformer(node: Transformer, parts: list[Checked]) -> Checked:
    if node.arg and node.name != "getopt" and len(parts) == 1:
        raise CatalogError(f"filter error: transformer '{node.name}' does not support field arguments")
    if node.name == FIELD_TRANSFORMER:
        return replace(parts[0], plain=False)
    if node.name in _ACCEPTS:
        if len(parts) > 1:
            raise CatalogError("unknown multivalue transformer", fatal=True)
        return _single(node.name, parts[0])
    if len(parts) == 1:
        raise CatalogError(f"unknown field transfomer '{node.name}'")
    if node.arg and node.name != "getopt":
        raise CatalogError(f"filter error: transformer '{node.name}' does not support field arguments")
    for part in parts:
        _check_wrappable(part)
    return _MULTIPLE[node.name](node, parts)


def _single(name: str, inner: Checked) -> Checked:
    _check_wrappable(inner)
    if inner.type not in _ACCEPTS[name] and not (name == "len" and inner.is_list):
        where = f"{'list ' if inner.is_list else ''}field '{inner.name}'"
        raise CatalogError(
            f"can't add field transformer: type '{shown_type(inner.type)}' is not supported by '{name}' transformer "
            f"applied on {where}"
        )
    if name == "len":
        return replace(inner, type="UINT64", is_list=False, plain=False)
    return replace(inner, plain=False)


def _check_wrappable(inner: Checked) -> None:
    if not inner.transformers_allowed:
        raise CatalogError(f"field '{inner.name}' does not support transformers")


def _result(name: str, is_list: bool = False) -> Checked:
    return Checked(name, "CHARBUF", is_list, "CHARBUF", is_list)


def _join(node: Transformer, parts: list[Checked]) -> Checked:
    if len(parts) != 2:
        raise CatalogError("join() requires exactly two arguments")
    if parts[0].own_is_list:
        raise CatalogError("join() first argument must not be a list")
    if not parts[1].own_is_list:
        raise CatalogError("join() second argument must be a list")
    return _result("join")


def _concat(node: Transformer, parts: list[Checked]) -> Checked:
    if any(part.own_is_list or part.own_type != "CHARBUF" for part in parts):
        raise CatalogError("concat() arguments must be strings")
    return _result("concat")


def _getopt(node: Transformer, parts: list[Checked]) -> Checked:
    if len(parts) != 2:
        raise CatalogError("getopt() requires exactly two arguments")
    if not parts[0].own_is_list:
        raise CatalogError("getopt() first argument must be a list")
    if parts[0].own_type != "CHARBUF":
        raise CatalogError("getopt() first argument must be a list of strings")
    if parts[1].own_is_list or parts[1].own_type != "CHARBUF":
        raise CatalogError("getopt() second argument must be a string")
    if node.arg and len(node.arg.encode("utf-8", "surrogateescape")) != 1:
        raise CatalogError("getopt() field argument must be a single option character")
    return _result("getopt", is_list=not node.arg)


_MULTIPLE = {"join": _join, "concat": _concat, "getopt": _getopt}
