"""Which operators a type of field knows, and what Falco says of the others."""

from __future__ import annotations

from rules_export.catalog.fields import CatalogError
from rules_export.language.operators import (
    LIST_OPERATORS,
    MODIFIERS,
    OPERATORS,
    SYMBOL_OPERATORS,
    WORD_OPERATORS,
    split,
)

#: Falco's parameter types in the order of its enumeration: their place is the number that some of its texts show.
TYPES: tuple[str, ...] = tuple(
    "NONE INT8 INT16 INT32 INT64 UINT8 UINT16 UINT32 UINT64 CHARBUF BYTEBUF ERRNO SOCKADDR SOCKTUPLE FD PID FDLIST "  # noqa: SIM905
    "FSPATH SYSCALLID SIGTYPE RELTIME ABSTIME PORT L4PROTO SOCKFAMILY BOOL IPV4ADDR DYNAMIC FLAGS8 FLAGS16 FLAGS32 UID "
    "GID DOUBLE SIGSET CHARBUFARRAY CHARBUF_PAIR_ARRAY IPV4NET IPV6ADDR IPV6NET IPADDR IPNET MODE FSRELPATH ENUMFLAGS8 "
    "ENUMFLAGS16 ENUMFLAGS32".split()
)
INTEGERS = frozenset(
    "INT8 INT16 INT32 INT64 UINT8 UINT16 UINT32 UINT64 ERRNO FD PID SYSCALLID SIGTYPE RELTIME ABSTIME PORT FLAGS8 "  # noqa: SIM905
    "FLAGS16 FLAGS32 MODE ENUMFLAGS8 ENUMFLAGS16 ENUMFLAGS32".split()
)
NUMERIC = INTEGERS | {"DOUBLE"}
ADDRESSES = frozenset(["IPADDR", "IPV4ADDR", "IPV6ADDR"])
NETWORKS = frozenset(["IPNET", "IPV4NET", "IPV6NET"])
STRINGS = frozenset(["CHARBUF", "FSPATH", "FSRELPATH"])

_EQUALITY = ("=", "==", "!=")
_MEMBERSHIP = ("in", "intersects")
_ORDER = ("<", "<=", ">", ">=")
_TEXT = ("contains", "icontains", "startswith", "endswith", "glob", "iglob", "regex")
#: Types whose lists Falco can compare.
_LISTS = frozenset(["CHARBUF", "UINT64", "RELTIME", "ABSTIME", "BOOL", "IPADDR", "IPNET"])
_GROUPS: tuple[tuple[frozenset[str], tuple[str, ...], str], ...] = (
    (STRINGS, (*_EQUALITY, *_ORDER, *_TEXT, "in", "intersects", "pmatch"), "string filters"),
    (NUMERIC, (*_EQUALITY, *_ORDER, *_MEMBERSHIP), "numeric filters"),
    (frozenset({"BOOL"}), (*_EQUALITY, *_MEMBERSHIP), "numeric filters"),
    (ADDRESSES | NETWORKS, (*_EQUALITY, *_MEMBERSHIP), "ip address and network filters"),
    (
        frozenset({"BYTEBUF"}),
        (*_EQUALITY, "contains", "bcontains", "startswith", "bstartswith", "endswith", *_MEMBERSHIP),
        "buffer filters",
    ),
)
_BY_TYPE = {type_: (frozenset(allowed), text) for types, allowed, text in _GROUPS for type_ in types}


def operators_for(type_: str, is_list: bool = False) -> tuple[str, ...]:
    """The operators that fit a field, without modifiers, in Falco's order; `exists` fits every field."""
    return tuple(op for op in OPERATORS if op == "exists" or _allowed(type_, is_list, op))


def modifiers_for(op: str) -> tuple[str, ...]:
    """The modifiers that may follow an operator."""
    return MODIFIERS if op in SYMBOL_OPERATORS + WORD_OPERATORS else ()


def _allowed(type_: str, is_list: bool, op: str) -> bool:
    if is_list:
        return type_ in _LISTS and op in _MEMBERSHIP
    known = _BY_TYPE.get(type_)
    return known is not None and op in known[0]


def check_operator(type_: str, is_list: bool, op: str) -> None:
    """Raise CatalogError with Falco's text where `op` (with its modifier) does not fit the type."""
    base, modifier = split(op)
    if base == "exists" or _allowed(type_, is_list, base):
        return
    shown = "=" if base == "==" else base
    if is_list:
        if type_ in _LISTS:
            raise CatalogError(f"filter error: '{shown}' operator not supported list filters")
        raise CatalogError(f"filter error: list filters are not supported for type '{shown_type(type_)}'")
    known = _BY_TYPE.get(type_)
    if known is None:
        raise CatalogError(f"filter error: '{shown}' operator not supported for type '{shown_type(type_)}'")
    what = "with modifier" if modifier and type_ in ADDRESSES | NETWORKS else "operator"
    raise CatalogError(f"filter error: '{shown}' {what} not supported for {known[1]}")


def shown_type(type_: str) -> str:
    """A type as Falco's texts name it."""
    if type_ == "DYN":
        return "DYNAMIC"
    return type_ if type_ in TYPES else "<NA>"


def is_list_operator(op: str) -> bool:
    """Whether `op` takes a list on its right."""
    base, modifier = split(op)
    return base in LIST_OPERATORS or bool(modifier)
