"""Which events fill a field: where none of a rule's events does, no comparison with the field holds."""

from __future__ import annotations

from functools import cache

from rules_export.catalog import events, versions
from rules_export.catalog.data.field_events_table import FIELD_EVENTS


@cache
def events_with(field: str) -> frozenset[str] | None:
    """The event types that fill this field; None where any may, or where we do not know."""
    found = FIELD_EVENTS.get("fd." if field.startswith("fd.") else field)
    return frozenset(found.split()) if found is not None else None


def carries(event: str, argument: str) -> bool:
    """Whether an event that rules see carries this argument; for events that are no system call, any of its own."""
    if versions.since("exit_arg", f"{event}.{argument}"):
        return True
    info = events.event(event)
    named = [one.name for one in info.parameters] if info else []
    return argument in named and not any(versions.since("exit_arg", f"{event}.{one}") for one in named)
