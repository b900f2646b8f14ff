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
#: Falco's names for operands that are no fields: literals and the results of several arguments, and lists of options.
_NAMELESS, _OPTIONS = "NA", "INTERNAL"
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
                return Checked(_NAMELESS, "CHARBUF", True, "CHARBUF", True)
            case _:
                return Checked(_NAMELESS, "CHARBUF", False, "CHARBUF", False)

    return fold(operand, build)


def _field(field: Field, source: str, plugins: str) -> Checked:
    return _of_info(lookup(field.name, field.arg, source, plugins))


@lru_cache(maxsize=2048)
def _of_info(info: FieldInfo) -> Checked:
    return Checked(
        info.name, info.type, info.is_list, info.type, info.is_list, info.transformers_allowed, info.rhs_allowed, True
    )


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
    result = _MULTIPLE[node.name](node, parts)
    if node.arg and node.name != "getopt":
        raise CatalogError(f"transformer '{node.name}' does not support field arguments")
    return result


def _single(name: str, inner: Checked) -> Checked:
    _check_wrappable(inner)
    if inner.type not in _ACCEPTS[name] and not (name == "len" and inner.is_list):
        name_shown = _NAMELESS if inner.name == _OPTIONS else inner.name
        where = f"{'list ' if inner.is_list else ''}field '{name_shown}'"
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


def _join(_node: Transformer, parts: list[Checked]) -> Checked:
    if len(parts) != 2:
        raise CatalogError("join() requires exactly 2 arguments: separator and list")
    if parts[0].own_is_list:
        raise CatalogError("join() first argument (separator) must be a single value, not a list")
    if not parts[1].own_is_list:
        raise CatalogError("join() second argument must be a list")
    return Checked(_NAMELESS, "CHARBUF", False, "CHARBUF", False)


def _concat(_node: Transformer, parts: list[Checked]) -> Checked:
    if any(part.own_is_list or part.own_type != "CHARBUF" for part in parts):
        raise CatalogError("concat() arguments must be strings")
    return Checked(_NAMELESS, "CHARBUF", False, "CHARBUF", False)


def _getopt(node: Transformer, parts: list[Checked]) -> Checked:
    if len(parts) != 2:
        raise CatalogError("getopt() requires exactly 2 arguments: args list and optstring")
    if not parts[0].own_is_list:
        raise CatalogError("getopt() first argument must be a list")
    if parts[1].own_is_list:
        raise CatalogError("getopt() second argument (optstring) must be a single value")
    if parts[0].own_type != "CHARBUF" or parts[1].own_type != "CHARBUF":
        raise CatalogError("getopt() arguments must be strings")
    if not node.arg:
        return Checked(_OPTIONS, "CHARBUF", True, "CHARBUF", False)
    if len(node.arg.encode("utf-8", "surrogateescape")) != 1:
        raise CatalogError("getopt() field argument must be a single option character")
    return Checked(_NAMELESS, "CHARBUF", False, "CHARBUF", False)


_MULTIPLE = {"join": _join, "concat": _concat, "getopt": _getopt}
