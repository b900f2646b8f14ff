"""Events from pasted text: JSON Lines of bare fields or of Falco's alerts; every bad line is told by its number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rules_export.evaluation.normalising import EventError, normalise

#: Bounds of one paste: lines, bytes of a line, fields of an event.
MAX_LINES = 200
MAX_LINE = 64_000
MAX_FIELDS = 400
_PLAIN = frozenset({str, int, float, bool, type(None)})

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is not an event: its number from 1 and why."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class ParsedEvent:
    """An event with the name it goes by. ready: its fields as the engine compares them, where that is known."""

    name: str
    fields: Fields
    ready: Fields = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Paste:
    """What a pasted text held."""

    events: tuple[ParsedEvent, ...] = ()
    bad: tuple[BadLine, ...] = field(default=())


def read(text: str) -> Paste:
    """Every line of `text` as an event, or as a complaint with its number. Empty lines are skipped."""
    events: list[ParsedEvent] = []
    bad: list[BadLine] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        if len(events) + len(bad) >= MAX_LINES:
            bad.append(
                BadLine(number, f"Only {MAX_LINES} events fit in one paste; this line and the rest were left out.")
            )
            break
        outcome = read_line(number, line)
        (events if isinstance(outcome, ParsedEvent) else bad).append(outcome)  # type: ignore[arg-type]
    return Paste(tuple(events), tuple(bad))


def read_line(number: int, line: str) -> ParsedEvent | BadLine:
    """One line as an event: the object itself, or its `output_fields` where it is an alert of Falco."""
    if len(line) > MAX_LINE:
        return BadLine(number, f"The line is longer than {MAX_LINE:,} characters.")
    try:
        data = _JSON.decode(line)
    except (ValueError, RecursionError) as error:
        return BadLine(number, f"This is not JSON: {_why(error)}.")
    if not isinstance(data, dict):
        return BadLine(number, 'An event is a JSON object, such as {"evt.type": "execve", "proc.name": "rm"}.')
    fields: Any = data.get("output_fields", data.get("fields", data))
    complaint = _complaint(fields, suspicious="\\u" in line or not line.isascii())
    if complaint:
        return BadLine(number, complaint)
    try:
        ready = normalise(fields)
    except EventError as error:
        return BadLine(number, f"{error}.")
    return ParsedEvent(_name(data, fields, number), fields, ready)


def _complaint(fields: object, *, suspicious: bool) -> str:
    """Why these are not the fields of an event, or nothing. suspicious: the line may hold what cannot be kept."""
    if not isinstance(fields, dict) or not fields:
        return "The event has no fields."
    if len(fields) > MAX_FIELDS:
        return f"The event has more than {MAX_FIELDS} fields."
    if not any("." in key for key in fields):
        return "No key is a Falco field, such as proc.name or evt.type."
    for key, value in () if _PLAIN.issuperset(map(type, fields.values())) else fields.items():
        if type(value) not in _PLAIN and not (
            isinstance(value, list) and all(isinstance(item, (str, int, float, bool)) for item in value)
        ):
            return f"The value of {key[:80]} must be a text, a number, true, false, null or a list of these."
    if not suspicious or _storable("", fields):
        return ""
    for key, value in fields.items():
        if not _storable(key, value):
            return f"The value of {key[:80]!r} holds a character that cannot be kept (NUL or half of a surrogate pair)."
    return ""


def _storable(key: str, value: object) -> bool:
    """Whether a database can keep it as JSON."""
    text = json.dumps([key, value], ensure_ascii=False)
    return "\\u0000" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _refuse(constant: str) -> object:
    """NaN and Infinity are not JSON."""
    raise ValueError(constant)


_JSON = json.JSONDecoder(parse_constant=_refuse)


def _name(data: Fields, fields: Fields, number: int) -> str:
    """What to call the event: its own name, its command line, or its number."""
    name = data.get("name") or fields.get("proc.cmdline") or fields.get("fd.name") or data.get("rule")
    return str(name)[:120] if name else f"Event {number}"


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower()} at column {error.colno}"
    return (
        "it is nested too deeply" if isinstance(error, RecursionError) else "it holds a value that JSON does not know"
    )
