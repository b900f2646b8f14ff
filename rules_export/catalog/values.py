"""Literals: what a field's type makes of the text on the right of an operator, and which texts it refuses."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from rules_export.catalog.fields import NUMBER, CatalogError, number
from rules_export.catalog.operators import ADDRESSES, INTEGERS, NETWORKS, STRINGS, TYPES

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_LONGEST_TEXT = 255
_TOO_BIG_PORT = 2_147_483_647
_WIDTHS = {
    "INT8": 8, "INT16": 16, "INT32": 32, "INT64": 64, "UINT8": 8, "UINT16": 16, "UINT32": 32, "UINT64": 64, "ERRNO": 64,
    "FD": 64, "PID": 64, "RELTIME": 64, "ABSTIME": 64, "FLAGS8": 8, "FLAGS16": 16, "FLAGS32": 32, "MODE": 32,
    "ENUMFLAGS8": 8, "ENUMFLAGS16": 16, "ENUMFLAGS32": 32, "DOUBLE": 32,
}  # fmt: skip
_SIGNED = frozenset(["INT8", "INT16", "INT32", "INT64", "ERRNO", "FD", "PID", "DOUBLE"])


def parse_literal(type_: str, text: str, op: str = "=") -> Any:
    """The value that `text` has for a field of `type_`.

    str for texts (bytes for `bcontains` and `bstartswith`), int, float, bool, (4 or 6, number) for an address,
    (4 or 6, number, prefix length) for a network. Raises CatalogError with Falco's text.
    """
    if op.startswith(("bcontains", "bstartswith")):
        if _HEX.fullmatch(text) is None:
            raise CatalogError("filter error: bcontains and bstartswith operator support hex strings only")
        return bytes.fromhex(text)
    if "\0" in text:
        raise CatalogError("filter error: filter value cannot contain a NUL byte (\\x00)")
    if type_ in STRINGS or type_ == "BYTEBUF":
        return _text(text)
    if type_ in _WIDTHS:
        value = _integer(text, _WIDTHS[type_], type_ in _SIGNED)
        return float(value) if type_ == "DOUBLE" else value
    if type_ == "PORT":
        return _port(text)
    if type_ == "BOOL":
        if text not in ("true", "false"):
            raise CatalogError(f"filter error: unrecognized boolean value {text}")
        return text == "true"
    if type_ in ADDRESSES:
        return _address(type_, text)
    if type_ in NETWORKS:
        return _network(type_, text)
    raise wrong_type(type_)


def wrong_type(type_: str) -> CatalogError:
    """Falco's complaint where a type has operators but no literals."""
    return CatalogError(f"wrong parameter type {TYPES.index(type_) if type_ in TYPES else 0}")


def _text(text: str) -> str:
    if len(text) * 3 > _LONGEST_TEXT:
        used = len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))
        if used > _LONGEST_TEXT:
            raise CatalogError(f"filter parameter too long (used={used + 1}, available={_LONGEST_TEXT + 1}):{text}")
    return text


def _integer(text: str, width: int, signed: bool) -> int:
    """An integer as scanf stores it: out of the range of 64 bits it sticks to the end, narrower types cut bits off."""
    value = number(text)
    if signed:
        value = max(-(1 << 63), min((1 << 63) - 1, value))
    elif abs(value) >= 1 << 64:
        value = (1 << 64) - 1
    value &= (1 << width) - 1
    return value - (1 << width) if signed and value >> (width - 1) else value


def _port(text: str) -> int:
    if not text:
        return 0
    if text.isascii() and text.isdigit():
        if len(text.lstrip("0")) > 10 or int(text) > _TOO_BIG_PORT:
            raise CatalogError("stoi", fatal=True)
        return int(text) % 65536
    port = services().get(text)
    if port is None:
        raise CatalogError(f"unrecognized protocol {text}")
    return port


@cache
def services() -> dict[str, int]:
    """Ports by name, as the system that Falco asks has them: lower case mostly, and case counts."""
    from rules_export.catalog.data.services_table import NAMES  # loaded by the first name only

    return {name: int(port) for name, _, port in (entry.partition("=") for entry in NAMES.split())}


def _packed(family: int, text: str) -> int | None:
    import socket  # loaded by the first address only

    try:
        return int.from_bytes(socket.inet_pton(socket.AF_INET if family == 4 else socket.AF_INET6, text), "big")
    except (OSError, ValueError):
        return None


def _address(type_: str, text: str) -> tuple[int, int]:
    family = 4 if type_ == "IPV4ADDR" or (type_ == "IPADDR" and "." in text) else 6
    packed = _packed(family, text)
    if packed is None:
        raise CatalogError(f"unrecognized IPv{family} address {text}")
    return family, packed


def _network(type_: str, text: str) -> tuple[int, int, int]:
    four = type_ == "IPV4NET" or (type_ == "IPNET" and "." in text)
    address, slash, rest = text.partition("/")
    if not slash:
        raise CatalogError(f"unrecognized IP network {text}" if four else f"invalid v6 netmask: {text}")
    packed = _packed(4 if four else 6, address)
    if packed is None:
        raise CatalogError(f"unrecognized {'IP' if four else 'IPv6'} address {text}")
    mask = rest.partition("\n")[0]
    if NUMBER.fullmatch(mask) is None:
        raise CatalogError(f"{mask} is not a valid number")
    length = _integer(mask, 8, signed=False)
    if four and length > 32:
        raise CatalogError(f"invalid netmask {mask}")
    if not four and not 0 < length <= 128:
        raise CatalogError(f"invalid v6 netmask {mask}")
    return (4 if four else 6), packed, length


assert set(_WIDTHS) | {"PORT", "SYSCALLID", "SIGTYPE"} >= INTEGERS
