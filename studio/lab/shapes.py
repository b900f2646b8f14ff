"""What an event of a type is made of: its own arguments, and the process, file, user and container around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules_export.catalog import events
from rules_export.catalog.field_events import events_with
from rules_export.catalog.fields import CatalogError, lookup
from rules_export.catalog.known_values import known_values
from studio.behaviours.events import EventSpellingError, build

#: Usual things to happen: key of the spelling, in words, what its target is, an example of one.
USUAL: tuple[tuple[str, str, str, str], ...] = (
    ("run", "Runs a program (execve)", "", ""),
    ("read", "Opens a file to read (openat)", "Path", "/etc/shadow"),
    ("write", "Opens a file to write (openat)", "Path", "/etc/cron.d/job"),
    ("remove", "Removes a file (unlinkat)", "Path", "/var/log/auth.log"),
    ("rename", "Renames a file (renameat2)", "Old and new path", "/srv/a /srv/b"),
    ("chmod", "Changes permissions (fchmodat)", "Path", "/srv/tool"),
    ("mkdir", "Makes a directory (mkdirat)", "Path", "/opt/.x"),
    ("connect", "Connects (connect)", "Address and port", "203.0.113.7:4444"),
    ("accept", "Takes a connection (accept4)", "Address and port of the other end", "203.0.113.7:51234"),
    ("listen", "Listens (listen)", "Port", "4444"),
)
_USUAL = {row[0]: row for row in USUAL}
#: Fields of every event, by group.
_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Process",
        ("proc.name", "proc.exepath", "proc.args", "proc.cmdline", "proc.cwd", "proc.tty", "proc.pid",
         "proc.pname", "proc.pcmdline", "proc.pexepath", "proc.aname[2]", "proc.aname[3]", "proc.sname"),
    ),
    ("User", ("user.name", "user.uid", "user.loginname", "user.loginuid", "group.name")),
    (
        "Container",
        ("container.id", "container.name", "container.type", "container.image.repository", "container.image.tag",
         "container.privileged", "k8s.ns.name", "k8s.pod.name"),
    ),
)  # fmt: skip
_DESCRIPTOR = ("fd.name", "fd.type", "fd.directory", "fd.filename", "fd.num")
_SOCKET = ("fd.cip", "fd.cport", "fd.sip", "fd.sport", "fd.lip", "fd.lport", "fd.rip", "fd.rport", "fd.l4proto")
_OF_TYPES = (
    "fs.path.name", "fs.path.source", "fs.path.target", "evt.is_open_read", "evt.is_open_write", "evt.is_open_create",
    "evt.is_open_exec",
)  # fmt: skip
_RESULT = ("evt.rawres", "evt.res", "evt.failed")
_NETWORK = frozenset(
    ("accept", "accept4", "bind", "connect", "listen", "recvfrom", "recvmsg", "send", "sendto", "sendmsg", "socket")
)
#: A group of more fields than this stands behind the others, and closed.
_MANY = 20
_KINDS = {"BOOL": "true or false", "IPADDR": "an address", "PORT": "a port", "ABSTIME": "a time"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field on the form. default: what the event has unless something else is typed; values: known ones."""

    name: str
    kind: str
    default: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """The form for one choice. target: what the choice needs besides a command line, or empty; example: one."""

    choice: str
    type: str
    target: str
    example: str
    groups: tuple[tuple[str, tuple[Field, ...]], ...]
    defaults: Mapping[str, Any]


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything that can be chosen, for a select: usual things first, then every event type."""
    usual = [(key, words) for key, words, _, _ in USUAL]
    return [("Usual", usual), ("Every event type", [(name, name) for name in events.names()])]


def known(choice: str) -> bool:
    """Whether this can be chosen."""
    return choice in _USUAL or (events.accepted(choice) and bool(choice))


def shape(choice: str, command: str, target: str = "") -> Shape:
    """The form for a choice, filled with what a command line and a target imply. Raises EventSpellingError."""
    _, _, needs, example = _USUAL.get(choice, ("", "", "", ""))
    defaults = _built(choice, command or "bash", target or example)
    kind = str(defaults["evt.type"])
    return Shape(choice, kind, needs, example, tuple(_grouped(kind, defaults)), defaults)


def _built(choice: str, command: str, target: str) -> dict[str, Any]:
    if choice == "run":
        return build({"run": command})
    if choice not in _USUAL:
        return build({"call": choice, "by": command})
    place: Any = target
    try:
        if choice == "listen":
            place = int(target)
        elif choice == "rename":
            place = target.split()
        return build({choice: place, "by": command})
    except (ValueError, TypeError) as error:
        if isinstance(error, EventSpellingError):
            raise
        raise EventSpellingError(f"{_USUAL[choice][2]}: write it as {_USUAL[choice][3]}") from error


def _grouped(kind: str, defaults: Mapping[str, Any]) -> list[tuple[str, tuple[Field, ...]]]:
    info = events.event(kind)
    own = [f"evt.arg.{one.name}" for one in info.parameters] if info else []
    own += [name for name in _OF_TYPES if kind in (events_with(name) or ())]
    groups = [("The event itself", (*own, *_RESULT))]
    if kind in (events_with("fd.name") or ()):
        groups.append(("File or socket", (*_DESCRIPTOR, *(_SOCKET if kind in _NETWORK else ()))))
    values = {f"evt.arg.{one.name}": tuple(name for name, _ in one.values) for one in (info.parameters if info else ())}
    return [
        (title, tuple(_field(name, defaults, values.get(name, ())) for name in dict.fromkeys(names)))
        for title, names in sorted((*groups, *_GROUPS), key=lambda group: len(group[1]) > _MANY)
    ]


def _field(name: str, defaults: Mapping[str, Any], values: tuple[str, ...]) -> Field:
    base, _, argument = name.partition("[")
    try:
        kind = lookup(base, argument.rstrip("]") or None).type
    except CatalogError:
        kind = ""
    found = values or (("true", "false") if kind == "BOOL" else known_values(name))
    number = kind.startswith(("UINT", "INT")) or kind in ("PID", "FD", "UID", "GID", "ERRNO")
    hint = "a number" if number else _KINDS.get(kind, "a text" if kind else "")
    return Field(name, hint, _shown(defaults.get(name)), found[:60])


def _shown(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
