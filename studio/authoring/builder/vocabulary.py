"""What may be written where: fields with what is known of them, operators and values that fit, macros, lists."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rules_export.catalog import events, versions
from rules_export.catalog.field_events import events_with
from rules_export.catalog.fields import CatalogError, FieldInfo, all_fields
from rules_export.catalog.macros import LISTS, MACROS
from rules_export.catalog.operators import operators_for
from rules_export.checks.lints.events import FAMILIES
from rules_export.checks.operands import Checked, check_operand
from rules_export.errors import ConditionSyntaxError
from rules_export.language.ast import Exists
from rules_export.language.operators import MODIFIERS, OPERATORS, TRANSFORMERS
from rules_export.language.parser import parse
from rules_export.language.words import NOUNS

#: Fields whose values are few and known.
_VALUES: dict[str, tuple[str, ...]] = {
    "evt.dir": (">", "<"),
    "fd.type": ("file", "directory", "ipv4", "ipv6", "unix", "pipe", "event", "signalfd", "eventpoll", "inotify",
                "timerfd", "memfd", "bpf", "userfaultfd", "io_uring"),
    "fd.typechar": ("f", "4", "6", "u", "p", "e", "s", "l", "i", "t"),
    "fd.l4proto": ("tcp", "udp", "icmp", "raw"),
    "fd.sockfamily": ("ip", "unix"),
    "container.type": ("docker", "containerd", "cri-o", "podman", "lxc", "libvirt-lxc", "bpm"),
    "proc.name": ("bash", "sh", "systemctl", "rm", "chattr", "curl", "wget", "python3", "perl", "nc", "ssh"),
    "user.name": ("root", "nobody", "www-data"),
    "evt.res": ("SUCCESS", "EPERM", "ENOENT", "EACCES", "EINPROGRESS"),
}  # fmt: skip

#: What people call the types of fields.
TYPES: dict[str, str] = {
    "CHARBUF": "text", "FSPATH": "path", "FSRELPATH": "path", "BYTEBUF": "bytes", "BOOL": "yes or no", "PORT": "port",
    "IPADDR": "address", "IPV4ADDR": "address", "IPV6ADDR": "address", "IPNET": "network", "RELTIME": "duration (ns)",
    "ABSTIME": "time (ns)", "DOUBLE": "number",
}  # fmt: skip


def families() -> tuple[tuple[str, ...], ...]:
    """System calls that are offered together."""
    return FAMILIES


def values_of(field: str, argument: str = "") -> tuple[str, ...]:
    """Values that are known of a field, for completion; empty where any text may be."""
    if field == "evt.type":
        return tuple(events.names())
    if field == "evt.category":
        return _categories()
    if field in ("evt.arg", "evt.rawarg") and argument:
        return _flags().get(argument, ())
    return _VALUES.get(field, ())


def kind_of(left: Checked) -> str:
    """What people call a type; integers of all widths are numbers."""
    word = TYPES.get(left.type, "number")
    return f"list of {word}s" if left.is_list else word


@lru_cache(maxsize=2048)
def checked(left: str) -> Checked | None:
    """What a field, with its argument and transformers, gives; None for one that Falco does not know."""
    try:
        tree = parse(f"{left} exists")
        return check_operand(tree.left, "syscall", "container") if isinstance(tree, Exists) else None
    except (ConditionSyntaxError, CatalogError):
        return None


def fitting(left: Checked | None) -> tuple[str, ...]:
    """The operators that fit; all of them for what is not known. `==` is `=` and not offered."""
    found = operators_for(left.type, left.is_list) if left else OPERATORS
    order = ("=", "!=", "in", "contains", "startswith", "endswith", "pmatch")
    first = [op for op in order if op in found]
    return (*first, *(op for op in found if op not in order and op != "=="))


@lru_cache(maxsize=4)
def fields(source: str = "syscall") -> tuple[FieldInfo, ...]:
    """The fields that a condition of this source may use, by name; those that Falco only prints are left out."""
    return tuple(sorted((one for one in all_fields(source) if one.filterable), key=lambda one: one.name))


@lru_cache(maxsize=4)
def catalogue(source: str = "syscall") -> dict[str, Any]:
    """All of it for the text editor, as JSON: fields, operators by type, values by field, macros, lists."""
    known = fields(source)
    types = {(one.type, one.is_list) for one in known}
    return {
        "fields": [_field(one) for one in known],
        "operators": {
            type_name(type_, listed): [op for op in operators_for(type_, listed) if op != "=="]
            for type_, listed in sorted(types)
        },
        "values": {name: values_of(name) for name in ("evt.type", "evt.category", *sorted(_VALUES))},
        "arguments": _flags(),
        "modifiers": MODIFIERS,
        "transformers": [*TRANSFORMERS, "val"],
        "macros": [
            {"name": one.name, "description": one.description, "condition": one.condition} for one in MACROS.values()
        ],
        "lists": [
            {"name": one.name, "description": one.description, "items": one.items[:40], "count": len(one.items)}
            for one in LISTS.values()
        ],
    }


def type_name(type_: str, is_list: bool) -> str:
    """The key of a type among the operators."""
    return f"{type_}[]" if is_list else type_


def _field(one: FieldInfo) -> dict[str, Any]:
    known, plugin = versions.since("field", one.name), versions.plugin_of_field(one.name)
    only = events_with(one.name)
    entry: dict[str, Any] = {"name": one.name, "type": type_name(one.type, one.is_list), "argument": one.arg}
    if one.name in NOUNS:
        entry["description"] = NOUNS[one.name]
    if known and not known.floor:
        entry["since"] = known.since.falco
    if plugin:
        entry["plugin"] = plugin[0]
    if one.deprecated:
        entry["deprecated"] = True
    if only is not None:
        entry["events"] = sorted(only)[:12]
    entry["null"] = may_be_empty(one, only)
    return entry


def may_be_empty(one: FieldInfo, only: frozenset[str] | None) -> str:
    """When the field has no value, in words."""
    if only is not None:
        return "Empty on events of other types."
    if one.name.startswith(("container.", "k8s.")):
        return "Empty outside of containers and until the container is known."
    if one.name.startswith("fd."):
        return "Empty on events without a file or connection."
    if one.arg != "none":
        return "Empty where there is nothing under this argument."
    return "" if one.name.startswith(("evt.num", "evt.time", "evt.type", "evt.cpu")) else "May be empty."


@lru_cache(maxsize=1)
def _categories() -> tuple[str, ...]:
    found = {one.category.lower() for name in events.names() if (one := events.event(name))}
    return tuple(sorted(found))


@lru_cache(maxsize=1)
def _flags() -> dict[str, tuple[str, ...]]:
    """Named values of event arguments, by the argument's name."""
    found: dict[str, dict[str, None]] = {}
    for name in events.names():
        for parameter in one.parameters if (one := events.event(name)) else ():
            if parameter.values:
                found.setdefault(parameter.name, {}).update(dict.fromkeys(value for value, _ in parameter.values))
    return {name: tuple(values) for name, values in sorted(found.items()) if len(values) < 300}
