"""Events and system calls: what `evt.type` may be compared with, and the codes that stand behind each name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rules_export.catalog.data import events_table as table

__all__ = ["CODES", "UNIVERSE", "EventInfo", "accepted", "codes_of", "event", "ignored_by_default", "longest_argument"]

_ROWS = {row.partition(" ")[0]: row for row in table.EVENTS.split("\n")}
#: The codes of each event's entries in the event table, by name.
CODES: dict[str, tuple[int, ...]] = {name: tuple(map(int, row.split(" ")[2:])) for name, row in _ROWS.items()}
_SYSCALLS = frozenset(table.SYSCALLS.split())
_ARGUMENTS = dict(row.split(" ", 1) for row in table.ARGUMENTS.split("\n"))
_ACCEPTED = frozenset(CODES) | _SYSCALLS | frozenset(table.OF_PLUGINS.split()) | {""}
#: Event types that are system calls; the others come from the kernel or from Falco itself.
SYSTEM_CALLS = _SYSCALLS | {"llseek", "pread", "prlimit", "pwrite", "syscall"}
_IGNORED = frozenset(table.IGNORED_BY_DEFAULT.split())
#: Every event code of the engine, as a bit mask.
UNIVERSE = sum(1 << code for codes in CODES.values() for code in codes)
_GENERIC = (0, 1)
_MASKS = {name: sum(1 << code for code in codes) for name, codes in CODES.items() if name != "syscall"}
_MASKS |= {name: sum(1 << code for code in _GENERIC) for name in _SYSCALLS if name not in CODES}


@dataclass(frozen=True, slots=True)
class Parameter:
    """What an event carries: name, type, how it is shown, and named values where it has them."""

    name: str
    type: str
    format: str
    values: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class EventInfo:
    """An event by name. `generic`: the system call has no event of its own, so nothing of its arguments is known."""

    name: str
    category: str
    generic: bool
    ignored_by_default: bool
    parameters: tuple[Parameter, ...]


def accepted(name: str) -> bool:
    """Whether Falco takes `name` as a value of `evt.type`."""
    return name in _ACCEPTED


def names() -> list[str]:
    """Every name that `evt.type` may be compared with and that people would write, sorted."""
    return sorted(_ACCEPTED - {"", "NA", "syscall"})


def codes_of(name: str) -> int:
    """The event codes behind a name, as a bit mask; 0 for a name that the table does not know."""
    return _MASKS.get(name, 0)


def ignored_by_default(name: str) -> bool:
    """Whether Falco leaves this system call out unless `base_syscalls.all` (or `-A` before its removal) is given."""
    return name in _IGNORED


def longest_argument(text: str) -> tuple[str, str] | None:
    """The longest parameter name that `text` begins with, and its type; None where there is none."""
    for end in range(min(len(text), 40), 0, -1):
        kind = _ARGUMENTS.get(text[:end])
        if kind is not None:
            return text[:end], kind
    return None


@cache
def event(name: str) -> EventInfo | None:
    """What is known of an event or system call, or None."""
    from rules_export.catalog.data.parameters_table import PARAMETERS, VALUES  # large, and only for people

    if name not in _ACCEPTED or not name:
        return None
    parameters = tuple(
        Parameter(one, kind, shown, () if index is None else VALUES[index])
        for one, kind, shown, index in PARAMETERS.get(name, ())
    )
    return EventInfo(
        name, _ROWS[name].split(" ")[1] if name in _ROWS else "OTHER", name not in CODES, name in _IGNORED, parameters
    )
