"""Values that are known of a field, for completion: few and named ones, such as event types, flags and protocols."""

from __future__ import annotations

from functools import cache

from rules_export.catalog import events
from rules_export.catalog.field_events import events_with
from rules_export.catalog.fields import FieldInfo

_VALUES: dict[str, tuple[str, ...]] = {
    "evt.dir": (">", "<"),
    "fd.type": ("file", "directory", "ipv4", "ipv6", "unix", "pipe", "event", "signalfd", "eventpoll", "inotify",
                "timerfd", "memfd", "bpf", "userfaultfd", "io_uring"),
    "fd.typechar": ("f", "4", "6", "u", "p", "e", "s", "l", "i", "t"),
    "fd.l4proto": ("tcp", "udp", "icmp", "raw"),
    "fd.sockfamily": ("ip", "unix"),
    "container.type": ("docker", "containerd", "cri-o", "podman", "lxc", "libvirt-lxc", "bpm"),
    "evt.res": ("SUCCESS", "EPERM", "ENOENT", "EACCES", "EINPROGRESS"),
}  # fmt: skip
_COUNTED = ("evt.num", "evt.time", "evt.type", "evt.cpu", "evt.rawtime", "evt.count")


def known_values(field: str, argument: str = "") -> tuple[str, ...]:
    """The values of a field (`evt.arg` with the argument's name), in a helpful order; () where any text may stand."""
    if field == "evt.type":
        return tuple(events.names())
    if field == "evt.category":
        return _categories()
    if field in ("evt.arg", "evt.rawarg"):
        return named_values().get(argument, ())
    return _VALUES.get(field, ())


def fields_with_values() -> tuple[str, ...]:
    """The fields of which `known_values` knows some, without those of event arguments."""
    return ("evt.type", "evt.category", *sorted(_VALUES))


@cache
def named_values() -> dict[str, tuple[str, ...]]:
    """The names that values of event arguments have, by argument, over all events."""
    found: dict[str, dict[str, None]] = {}
    for name in events.names():
        for parameter in one.parameters if (one := events.event(name)) else ():
            if parameter.values:
                found.setdefault(parameter.name, {}).update(dict.fromkeys(value for value, _ in parameter.values))
    return {name: tuple(values) for name, values in sorted(found.items())}


def when_empty(field: FieldInfo) -> str:
    """When a field has no value, as a sentence; "" for one that always has."""
    if events_with(field.name) is not None:
        return "Empty on events of other types."
    if field.name.startswith(("container.", "k8s.")):
        return "Empty outside of containers and until the container is known."
    if field.name.startswith("fd."):
        return "Empty on events without a file or connection."
    if field.arg != "none":
        return "Empty where there is nothing under this argument."
    return "" if field.name in _COUNTED else "May be empty."


@cache
def _categories() -> tuple[str, ...]:
    found = {one.category.lower() for name in events.names() if (one := events.event(name))}
    return tuple(sorted(found))
