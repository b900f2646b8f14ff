"""What people hand in as an event, made into the fields the engine compares: alerts, bare fields, numbers as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from rules_export.catalog.fields import CatalogError, lookup
from rules_export.catalog.operators import ADDRESSES, NETWORKS
from rules_export.errors import EngineError
from rules_export.evaluation.event import address, address_text, is_any_ancestor
from rules_export.evaluation.operands import TEXTS
from rules_export.evaluation.times import PRINTED, nanoseconds

MOST_FIELDS = 5_000
LONGEST_TEXT = 1_000_000
MOST_CONVERTERS = 16_384
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+)(?:\[(.*)\])?", re.DOTALL)
_DIGITS = re.compile(r"[+-]?[0-9]{1,30}")
_HEXADECIMAL = re.compile(r"(0[xX])?[0-9A-Fa-f]{1,16}")
_BITS = {"8": 8, "16": 16, "32": 32}


class EventError(EngineError):
    """Something that can't be an event; `field` names the field, "" where the whole is meant."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.message = message
        self.field = field


def normalise(fields: object, source: str = "syscall", plugins: str = "container") -> dict[str, Any]:
    """Make `fields` an event: a new dictionary from field texts to typed values.

    Takes bare fields, an event with its `fields`, or one of Falco's JSON alerts (its `output_fields`, and `time` and
    `source` beside them). Numbers, truth values and times may be texts. Fields that the catalogue does not know stay as
    they are. Raises EventError.
    """
    given = _fields_of(fields)
    if len(given) > MOST_FIELDS:
        raise EventError(f"an event has at most {MOST_FIELDS} fields, this one has {len(given)}")
    event: dict[str, Any] = dict(given)
    converters = _converters(source, plugins)
    for key, value in event.items():
        convert = converters[key]
        if value is None:
            continue
        if type(value) is str:
            if len(value) > LONGEST_TEXT:
                raise EventError(f"a value has at most {LONGEST_TEXT} characters", key)
            if convert is _text:
                continue
        if convert is not None:
            event[key] = convert(key, value)
    return event


def _fields_of(given: object) -> Mapping[Any, Any]:
    if not isinstance(given, Mapping):
        raise EventError("an event is a JSON object: field names with values, or an alert with its output_fields")
    for wrapper in ("output_fields", "fields"):
        inner = given.get(wrapper)
        if isinstance(inner, Mapping):
            beside = {"evt.time": given.get("time"), "evt.source": given.get("source")}
            return {**{key: value for key, value in beside.items() if value is not None}, **inner}
        if wrapper in given:
            raise EventError(f"`{wrapper}` must be an object of field names with values")
    return given


Convert = Callable[[str, Any], Any]


class _Converters(dict[Any, "Convert | None"]):
    """Field text → how its values are read. Forgets all where the texts grow too many."""

    def __init__(self, source: str, plugins: str) -> None:
        super().__init__()
        self.source, self.plugins = source, plugins

    def __missing__(self, key: object) -> Convert | None:
        if not isinstance(key, str):
            raise EventError(f"a field's name is a text, not {key!r}")
        if len(self) >= MOST_CONVERTERS:
            self.clear()
        found = self[key] = _converter(key, self.source, self.plugins)
        return found


@lru_cache(maxsize=64)
def _converters(source: str, plugins: str) -> _Converters:
    """Those of one source, which every event of it shares."""
    return _Converters(source, plugins)


def _converter(key: str, source: str, plugins: str) -> Convert | None:
    """How values of `key` are read; None for a field that nobody knows."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    name, arg = found.groups()
    try:
        info = lookup(name, arg, source, plugins)
    except CatalogError:
        return None
    convert = _by_type(key, name, info.type)
    if info.is_list or is_any_ancestor(name, arg):
        return _listed(convert, strict=info.is_list)
    return convert


def _by_type(key: str, name: str, kind: str) -> Convert:
    if name in PRINTED:
        return _clock
    if kind in TEXTS:
        return _text
    if kind == "BOOL":
        return _truth
    if kind in ADDRESSES | NETWORKS:
        return _address
    if kind == "DOUBLE":
        return _fraction
    if name == "fd.dev" or name.startswith("evt.rawarg."):
        return _number_or_digits
    return _number(kind)


def _listed(convert: Convert, *, strict: bool) -> Convert:
    def read(key: str, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [convert(key, one) for one in value]
        if isinstance(value, str) and value.startswith("(") and value.endswith(")") and strict:
            return [convert(key, one.strip()) for one in value[1:-1].split(",") if one.strip()]
        return [convert(key, value)] if strict else convert(key, value)

    return read


def _text(key: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    raise EventError(f"must be a text, not {_named(value)}", key)


def _truth(key: str, value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    found = {"true": True, "1": True, "false": False, "0": False}.get(str(value).strip().lower())
    if found is None and not _is_absent(value):
        raise EventError(f"must be true or false, not {_named(value)}", key)
    return found


def _number(kind: str) -> Convert:
    bits = next((size for name, size in _BITS.items() if kind.endswith(name)), 16 if kind == "PORT" else 64)
    signed = kind.startswith("INT") or kind in ("PID", "FD", "ERRNO")
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    is_time = kind in ("ABSTIME", "RELTIME")

    def read(key: str, value: Any) -> int | None:
        number = _whole(value)
        if number is None and isinstance(value, str):
            if _is_absent(value):
                return None
            number = nanoseconds(value) if is_time else None
        if number is None:
            raise EventError(f"must be a whole number, not {_named(value)}", key)
        if not low <= number <= high:
            raise EventError(f"must be a number from {low} to {high}, not {number}", key)
        return number

    return read


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        return int(value)
    return None


def _number_or_digits(key: str, value: Any) -> int | str | None:
    """Numbers stay; texts are the hexadecimal digits that Falco prints for these fields."""
    if isinstance(value, str):
        if _is_absent(value):
            return None
        if not _HEXADECIMAL.fullmatch(value):
            raise EventError(f"must be a number, or hexadecimal digits as Falco prints them, not {_named(value)}", key)
        return value.lower().removeprefix("0x").upper()
    number = _whole(value)
    if number is None:
        raise EventError(f"must be a number, or hexadecimal digits as Falco prints them, not {_named(value)}", key)
    return number


def _clock(key: str, value: Any) -> int | str:
    """Nanoseconds stay, a date with a time becomes nanoseconds, any other text is taken as Falco's print of it."""
    number = _whole(value)
    if number is not None:
        return number
    if isinstance(value, str):
        moment = nanoseconds(value)
        return value if moment is None else moment
    raise EventError(f"must be nanoseconds since 1970 or a text, not {_named(value)}", key)


def _address(key: str, value: Any) -> str | None:
    if _is_absent(value):
        return None
    found = address(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise EventError(f"must be an IPv4 or IPv6 address, not {_named(value)}", key)
    return address_text(*found)


def _fraction(key: str, value: Any) -> float | None:
    if _is_absent(value):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        raise EventError(f"must be a number, not {_named(value)}", key) from None


def _is_absent(value: Any) -> bool:
    return isinstance(value, str) and value.strip() in ("", "<NA>")


def _named(value: Any) -> str:
    if isinstance(value, str):
        return f'the text "{value[:60]}"'
    if isinstance(value, (list, tuple)):
        return "a list"
    return "an object" if isinstance(value, Mapping) else repr(value)[:60]
