"""Names that the wizard's fields complete: Falco's own, read from the catalogue."""

from __future__ import annotations

from functools import lru_cache

from rules_export.catalog.fields import all_fields


@lru_cache(maxsize=4)
def field_names(source: str = "syscall") -> tuple[str, ...]:
    """Every field that a rule of this source may use, by name."""
    return tuple(sorted({item.name for item in all_fields(source)}))
