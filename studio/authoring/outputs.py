"""The fields that alerts usually print, in the ecosystem's order, and the template made of them."""

from __future__ import annotations

from collections.abc import Iterable

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

_KEYS = {name: key for key, name in (*NETWORK[1:], *PROCESS, *FILE)}
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
