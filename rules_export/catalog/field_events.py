"""Which events fill a field: where none of a rule's events does, no comparison with the field holds."""

from __future__ import annotations

from functools import cache

from rules_export.catalog.data.field_events_table import FIELD_EVENTS


@cache
def events_with(field: str) -> frozenset[str] | None:
    """The event types that fill this field; None where any may, or where we do not know."""
    found = FIELD_EVENTS.get("fd." if field.startswith("fd.") else field)
    return frozenset(found.split()) if found is not None else None
