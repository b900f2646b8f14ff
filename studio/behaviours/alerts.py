"""A line of Falco's output, JSON or text, read as a proposal: what the alert's fields say, as a clause and an event."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rules_export.language.ast import Node
from studio.behaviours import alert_text
from studio.behaviours.events import build
from studio.behaviours.proposals import LONGEST_LITERAL, Proposal, all_of, clause, contains, is_equal, is_one_of
from studio.behaviours.records import SampleEvent
from studio.behaviours.shell import Word
from studio.behaviours.telling import telling

_STARTS = ("execve", "execveat")
_OPENS = ("open", "openat", "openat2", "creat")
MOST_FIELDS = 200


def read_line(line: str, number: int) -> tuple[Proposal | None, str]:
    """The proposal of an alert, or a complaint about one that offers none; nothing for other lines."""
    told = alert_text.read(line)
    if told:
        rule, given = told
        lacks = "the alert's text has no key=value, such as command= or file=, to build on."
    elif not line.lstrip().startswith('{"'):
        return None, ""
    else:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            return None, f"Line {number}: this begins like an alert but is not complete JSON."
        rule, given = str(record.get("rule", "")), record.get("output_fields", record.get("fields", record))
        lacks = "the alert has no output_fields with proc., fd. or evt. fields to build on."
    fields = _plain(given) if isinstance(given, Mapping) else {}
    if not any(name.startswith(("proc.", "fd.", "evt.", "fs.")) for name in fields):
        return None, f"Line {number}: {lacks}"
    try:
        return _proposal(fields, rule, number), ""
    except (ValueError, TypeError, KeyError) as error:
        return None, f"Line {number}: the alert's fields do not fit together ({error})."


def _plain(given: Mapping[Any, Any]) -> dict[str, Any]:
    pairs = list(given.items())[:MOST_FIELDS]
    return {
        str(key): value
        for key, value in pairs
        if isinstance(value, str | int | float | bool) and value not in ("", "<NA>")
    }


def _proposal(fields: dict[str, Any], rule: str, number: int) -> Proposal:
    kind = str(fields.get("evt.type", "")) or _guess(fields)
    name = _name(fields)
    event = SampleEvent(f"Alert in line {number}", _event(kind, name, fields))
    start = f"The alert of “{rule[:80]}”" if rule else "The event"
    if kind in _STARTS:
        arguments = telling(name, tuple(Word((word,)) for word in _arguments(fields)))
        checks: list[Node] = [contains("proc.args", text) for text in arguments]
        named = [is_equal("proc.name", name), *checks] if name else checks
        text = clause("spawned_process", named)
        return Proposal(
            text,
            f"{name or 'A program'} starts",
            f"{start} is a process start; kept are its name and what its arguments tell.",
            event,
            number,
        )
    checks = [*_object(fields), *([is_equal("proc.name", name)] if name else [])]
    if kind in _OPENS and _writes(fields):
        text = clause("open_write", checks)
    elif kind in _OPENS:
        text = all_of([is_one_of("evt.type", ("open", "openat", "openat2")), *checks])
    else:
        text = all_of([is_equal("evt.type", kind), *checks])
    return Proposal(
        text,
        f"{kind} by {name or 'any program'}",
        f"{start} is an event of type {kind}; kept are what it touches and who did it.",
        event,
        number,
    )


def _object(fields: Mapping[str, Any]) -> list[Node]:
    """What the event is about: the far end of a connection, or the file."""
    if "fd.sip" in fields:
        return [is_equal(end, str(fields[end])) for end in ("fd.sip", "fd.sport") if end in fields]
    path = next((name for name in ("fd.name", "fs.path.name", "fs.path.target") if name in fields), None)
    return [is_equal(path, str(fields[path])[:LONGEST_LITERAL])] if path else []


def _writes(fields: Mapping[str, Any]) -> bool:
    flags = str(fields.get("evt.arg.flags", ""))
    return fields.get("evt.is_open_write") in (True, "true") or "O_WRONLY" in flags or "O_RDWR" in flags


def _guess(fields: Mapping[str, Any]) -> str:
    if "fd.sip" in fields or "->" in str(fields.get("fd.name", "")):
        return "connect"
    return "openat" if "fd.name" in fields else "execve"


def _name(fields: Mapping[str, Any]) -> str:
    return str(fields.get("proc.name") or str(fields.get("proc.cmdline", "")).split(" ")[0])[:LONGEST_LITERAL]


def _arguments(fields: Mapping[str, Any]) -> list[str]:
    if "proc.args" in fields:
        return str(fields["proc.args"]).split()
    return str(fields.get("proc.cmdline", "")).split()[1:]


def _event(kind: str, name: str, fields: Mapping[str, Any]) -> dict[str, object]:
    argv = [name or "x", *_arguments(fields)]
    path = str(fields.get("fd.name", "/x"))
    spec: dict[str, Any] = {"argv": argv, "type": kind}
    if kind in _OPENS:
        spec = {"edit" if _writes(fields) else "read": path, "by": argv, "type": kind}
    elif kind not in _STARTS:
        spec = {"call": kind, "by": argv}
    for key, name in (("user", "user.name"), ("parent", "proc.pname")):
        if str(fields.get(name, "")).strip():
            spec[key] = str(fields[name])
    return {**build(spec), **fields, "evt.type": kind}
