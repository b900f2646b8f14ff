"""The fields that alerts usually print, in the ecosystem's order, and the template made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules_export.catalog.events import event
from rules_export.catalog.field_events import events_with
from rules_export.lints.families.output import APPENDED as _APPENDED

#: (key, field): what every process alert prints.
PROCESS = (
    ("evt_type", "evt.type"),
    ("user", "user.name"),
    ("user_uid", "user.uid"),
    ("user_loginuid", "user.loginuid"),
    ("process", "proc.name"),
    ("proc_exepath", "proc.exepath"),
    ("parent", "proc.pname"),
    ("command", "proc.cmdline"),
    ("terminal", "proc.tty"),
)
NETWORK = (
    ("connection", "fd.name"),
    ("lport", "fd.lport"),
    ("rport", "fd.rport"),
    ("fd_type", "fd.type"),
    ("fd_proto", "fd.l4proto"),
)
FILE = (("file", "fd.name"),)

#: Who it was, in more detail than every process alert.
USER = (*PROCESS[1:4], ("user_loginname", "user.loginname"), ("user_shell", "user.shell"), ("group", "group.name"))
#: Files of events that carry paths and no open file.
PATHS = (("file", "fs.path.name"), ("source", "fs.path.source"), ("target", "fs.path.target"))
#: What Falco appends by itself.
APPENDED = tuple(_APPENDED)
CONTAINER = tuple((name.replace(".", "_"), name) for name in APPENDED)

_KEYS = {name: key for key, name in (*NETWORK[1:], *PROCESS, *FILE)}
#: Field → its place in the ecosystem's order.
USUAL = tuple(dict.fromkeys(name for _, name in (*PROCESS, *USER, *NETWORK, *FILE, *PATHS)))
_NETWORK_EVENTS = frozenset({"recv", "recvfrom", "recvmsg", "recvmmsg", "send", "sendto", "sendmsg", "sendmmsg"})
_NETWORK_FIELDS = {name for _, name in NETWORK[1:]} | {"fd.sip", "fd.cip", "fd.rip", "fd.lip", "fd.sport", "fd.cport"}


def key_of(name: str) -> str:
    """The key under which an alert prints a field: `fd.name` as `file`, others in snake_case."""
    return _KEYS.get(name) or name.replace(".", "_").replace("[", "_").replace("]", "").lower()


def pair(name: str) -> str:
    """`key=%field` for one field."""
    return f"{key_of(name)}=%{name}"


def usual_fields(condition_fields: Iterable[str], behaviour_fields: Iterable[str] = ()) -> list[str]:
    """The fields worth printing for a rule that looks at `condition_fields`, without repetition, in order."""
    seen = list(condition_fields)
    names = [name for _, name in PROCESS]
    if any(name in _NETWORK_FIELDS for name in seen):
        names += [name for _, name in NETWORK]
    elif any(name.startswith("fd.") for name in seen):
        names += [name for _, name in FILE]
    return list(dict.fromkeys([*names, *behaviour_fields]))


def template(sentence: str, names: Iterable[str]) -> str:
    """`sentence | key=%field …` on one line."""
    pairs = " ".join(pair(name) for name in names)
    return f"{sentence} | {pairs}" if pairs else sentence


@dataclass(frozen=True, slots=True)
class FieldSet:
    """Fields that belong together, by their keys. fits: whether the rule's events are of this kind."""

    slug: str
    title: str
    says: str
    fields: Mapping[str, str]
    fits: bool


def sets(events: frozenset[str] | None, looked_at: Iterable[str], names: Iterable[str] = ()) -> list[FieldSet]:
    """The ecosystem's sets for a rule on these event types (None: not known), those that fit first.

    looked_at: the fields of its condition, with macros written out; names: the macros that it names.
    """
    fields, types = set(looked_at), events or frozenset()
    network = bool(fields & _NETWORK_FIELDS or types & _NETWORK_EVENTS or _of_kind(types, "NET"))
    on_files = _of_kind(types, "FILE") or any(name.startswith(("fd.", "fs.")) for name in fields)
    contained = "container" in names or any(name.startswith(("container.", "k8s.")) for name in fields)
    found = [
        FieldSet("process", "Process", "What ran, who ran it and what started it.", _by_field(PROCESS), True),
        FieldSet("file", "File", "The files that the event is about.", _files(types), on_files and not network),
        FieldSet("network", "Network", "Both ends of the connection.", _by_field(NETWORK), network),
        FieldSet("user", "User", "The person behind the process.", _by_field(USER), True),
        FieldSet("container", "Container", "Falco appends these by itself.", _by_field(CONTAINER), contained),
    ]
    return sorted(found, key=lambda one: not one.fits)


def _by_field(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: key for key, name in pairs}


def _files(types: frozenset[str]) -> dict[str, str]:
    """The fields that name the files of these events: the open one, or the paths that they carry."""
    filled = [(key, name) for key, name in (*FILE, *PATHS) if types & (events_with(name) or frozenset())]
    paths = [
        (key, name) for key, name in filled if name.startswith("fs.") and not (key == "file" and FILE[0] in filled)
    ]
    return _by_field([*(one for one in filled if one in FILE), *paths] or FILE)


def _of_kind(types: frozenset[str], kind: str) -> bool:
    return any((info := event(name)) is not None and info.category == kind for name in types)
