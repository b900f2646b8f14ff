"""How a value looks inside a message: Falco's print formats, width and `<NA>`. Source: falco-rules-spec 7.2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rules_export.evaluation.event import ANCESTORS
from rules_export.evaluation.times import PRINTED
from rules_export.language.escapes import from_bytes_text, to_bytes_text

ABSENT = "<NA>"

#: Fields printed with leading zeros to nine digits, as a fraction of a second.
_NINE_DIGITS = frozenset(
    {"evt.rawtime.ns", "evt.reltime", "evt.reltime.ns", "evt.latency.ns", "evt.deltatime", "evt.deltatime.ns"}
)
_HEXADECIMAL = frozenset({"fd.dev"})
#: Number fields to which Falco gives no print format, so that a message shows `<NA>` for them.
_UNPRINTABLE = ("evt.type.is.", "evt.around")


def printed(name: str, value: Any) -> str:
    """The text of field `name`'s value as an event carries it (a list in parentheses, None as `<NA>`)."""
    if value is None or name.startswith(_UNPRINTABLE):
        return ABSENT
    if isinstance(value, str):
        return value
    if type(value) is int:
        if name in PRINTED:
            return PRINTED[name](value)
        if name in _NINE_DIGITS:
            return f"{value:09d}"
        return f"{value:X}" if name in _HEXADECIMAL else str(value)
    if name in ANCESTORS and not isinstance(value, (bool, float)):
        return " ".join(map(plain, value))
    return plain(value)


def plain(value: object) -> str:
    """The text of a value that belongs to no field, such as what a transformer gives."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "(" + ",".join(map(plain, value)) + ")"
    return str(value)


def fitted(text: str, width: int) -> str:
    """`text` filled with blanks on the right or cut to `width` bytes; 0 leaves it as it is."""
    if not width:
        return text
    if text.isascii():
        return text[:width].ljust(width)
    return from_bytes_text(to_bytes_text(text)[:width].ljust(width))
