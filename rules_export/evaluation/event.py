"""An event as the engine sees it: a mapping from field texts, as they stand in conditions, to values.

Keys are `proc.name`, `proc.aname[2]`, `container.label[app]`. Values are what Falco writes into an alert's
`output_fields`: text, number, truth value, list; None says that the event has no such value. A key that is not there
says that nobody knows: two-valued evaluation takes it as None, a trace as unknown. Ancestor fields without an index
(`proc.aname`) take a list, the parent first.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from rules_export.catalog.events import SYSTEM_CALLS
from rules_export.evaluation.times import PRINTED
from rules_export.language.ast import Field

Event: TypeAlias = Mapping[str, Any]
Read: TypeAlias = Callable[[Event], Any]

_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
#: Fields which, without an index, speak of any ancestor.
ANCESTORS = frozenset({"proc.aname", "proc.aexe", "proc.aexepath", "proc.acmdline", "proc.apid", "proc.aenv"})
#: Fields that look at both ends of a connection, with the fields that hold the two ends.
EITHER_END = {
    "fd.ip": ("fd.cip", "fd.sip"),
    "fd.net": ("fd.cip", "fd.sip"),
    "fd.port": ("fd.cport", "fd.sport"),
    "fd.proto": ("fd.cport", "fd.sport"),
}
#: Networks are asked of the address at that end.
_NETWORKS = {"fd.cnet": "fd.cip", "fd.snet": "fd.sip", "fd.lnet": "fd.lip", "fd.rnet": "fd.rip"}
#: Ancestors that have a field of their own.
_SAME = {
    "proc.aname[0]": "proc.name",
    "proc.aname[1]": "proc.pname",
    "proc.aexe[0]": "proc.exe",
    "proc.aexe[1]": "proc.pexe",
    "proc.aexepath[0]": "proc.exepath",
    "proc.aexepath[1]": "proc.pexepath",
    "proc.acmdline[0]": "proc.cmdline",
    "proc.acmdline[1]": "proc.pcmdline",
    "proc.apid[0]": "proc.pid",
    "proc.apid[1]": "proc.ppid",
}


@dataclass(frozen=True, slots=True)
class Access:
    """How to read one field of an event.

    `keys`: the event keys of which at least one must be there for the answer to be known. `plain`: the key whose value
    is the answer as it stands, None where `read` does more than look it up.
    """

    read: Read
    keys: tuple[str, ...]
    plain: str | None = None


def key_of(field: Field) -> str:
    """The event key of a field: its text without quotes around the argument."""
    return field.name if field.arg is None else f"{field.name}[{field.arg}]"


def is_any_ancestor(name: str, arg: str | None) -> bool:
    """Whether a field speaks of any ancestor: no index (a negative one counts as none), and no variable's name."""
    return name in ANCESTORS and (arg is None or (name != "proc.aenv" and not arg.isdigit()))


@lru_cache(maxsize=8192)
def access(name: str, arg: str | None) -> Access:
    """How to read `name[arg]`. Both ends of a connection, and ancestors without an index, read as a list."""
    key = name if arg is None else f"{name}[{arg}]"
    if name in PRINTED:
        return Access(_time(key, PRINTED[name]), (key,))
    if name in _NETWORKS:
        return access(_NETWORKS[name], None)
    if name in EITHER_END:
        return Access(_either_end(key, *EITHER_END[name]), (key, *EITHER_END[name]))
    if is_any_ancestor(name, arg):
        return Access(_any_ancestor(name), (name,))  # the parent alone, or a few, are no answer to "any"
    if name in ANCESTORS and arg is not None and arg.isdigit():
        return _ancestor(name, arg, key)
    if name in _PIECES and arg is not None:
        return Access(_piece(name, arg, key), (key, name))
    if name.startswith("evt.type.is."):
        return Access(_is_type(key, name.removeprefix("evt.type.is.")), (key, "evt.type"))
    if name == "syscall.type":
        return Access(_system_call, (key, "evt.type"))
    return Access(lambda event: event.get(key), (key,), key)


def _system_call(event: Event) -> Any:
    """The name of the event's system call; None for events that are none."""
    if "syscall.type" in event:
        return event["syscall.type"]
    name = event.get("evt.type")
    return name if name in SYSTEM_CALLS else None


def _time(key: str, text: Callable[[int], str]) -> Read:
    def read(event: Event) -> Any:
        value = event.get(key)
        return text(value) if type(value) is int else value

    return read


def digits(inner: Access, name: str) -> Access:
    """The same access for a number field: Falco's JSON writes some as hexadecimal (`mode`: octal) digits in a text."""
    read, base = inner.read, 8 if name == "evt.rawarg.mode" else 16

    def number(event: Event) -> Any:
        value = read(event)
        if isinstance(value, str):
            try:
                return int(value, base)
            except ValueError:
                return value
        return value

    return Access(number, inner.keys)


def _either_end(key: str, one: str, other: str) -> Read:
    def read(event: Event) -> Any:
        if key in event:
            value = event[key]
            return value if value is None or isinstance(value, (list, tuple)) else [value]
        ends = [value for value in (event.get(one), event.get(other)) if value is not None]
        if ends or event.get("fd.type") is not None or event.get("fd.num") is not None:
            return ends
        return None

    return read


def _is_type(key: str, name: str) -> Read:
    def read(event: Event) -> Any:
        if key in event:
            return event[key]
        kind = event.get("evt.type")
        return None if kind is None else int(kind == name)

    return read


def raw(event: Event, field: Field) -> Any:
    """The value as the event carries it, before any reading for comparisons: what a message prints."""
    key = key_of(field)
    if key in event or field.arg is None:
        return event.get(key)
    return access(field.name, field.arg).read(event)


def _argument(words: str, arg: str) -> str:
    if not arg.isdigit():
        return words
    pieces = words.split(" ")
    return pieces[int(arg)] if int(arg) < len(pieces) else ""


def _variable(words: str, arg: str) -> str:
    return next((word[len(arg) + 1 :] for word in words.split(" ") if word.startswith(arg + "=")), "")


#: Fields whose pieces can be cut out of the whole where an event carries only that (blanks inside a piece get lost).
_PIECES: dict[str, Callable[[str, str], str]] = {"proc.args": _argument, "proc.env": _variable}


def _piece(name: str, arg: str, key: str) -> Read:
    cut = _PIECES[name]

    def read(event: Event) -> Any:
        if key in event:
            return event[key]
        whole = event.get(name)
        return cut(whole, arg) if isinstance(whole, str) else None

    return read


def _ancestor(name: str, arg: str, key: str) -> Access:
    own, level = _SAME.get(key), int(arg)

    def read(event: Event) -> Any:
        if key in event:
            return event[key]
        if own is not None and own in event:
            return event[own]
        line = event.get(name)
        if isinstance(line, (list, tuple)) and 0 < level <= len(line):
            return line[level - 1]
        return None

    return Access(read, (key,) if own is None else (key, own))


def _any_ancestor(name: str) -> Read:
    """The ancestors as a list, parent first, from a list, from indexed keys or from the one text that Falco prints."""
    parent = _SAME.get(f"{name}[1]", "")
    words = name in ("proc.aname", "proc.aexe", "proc.aexepath")

    def read(event: Event) -> Any:
        line = event.get(name)
        if isinstance(line, (list, tuple)):
            return list(line) or None
        found: list[Any] = []
        while (value := event.get(f"{name}[{len(found) + 1}]")) is not None:
            found.append(value)
        if isinstance(line, str) and words:
            found = max(found, line.split(" "), key=len)
        if not found and event.get(parent, line) is not None:
            found = [event.get(parent, line)]
        return found or None

    return read


@lru_cache(maxsize=65_536)
def address(text: str) -> tuple[int, int] | None:
    """An address as (4 or 6, number); None for a text that is none."""
    family = 4 if "." in text and ":" not in text else 6
    try:
        packed = socket.inet_pton(_FAMILIES[family], text)
    except (OSError, ValueError):
        return None
    return family, int.from_bytes(packed, "big")


def address_text(family: int, number: int) -> str:
    """An address as Falco prints it."""
    return socket.inet_ntop(_FAMILIES[family], number.to_bytes(4 if family == 4 else 16, "big"))


def is_list(value: object) -> bool:
    """Whether a value of an event has elements."""
    return isinstance(value, Sequence) and not isinstance(value, str)
