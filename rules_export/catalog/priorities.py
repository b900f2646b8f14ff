"""Priorities of rules: Falco's names from most to least urgent, and what each usually means."""

from __future__ import annotations

MEANINGS: dict[str, str] = {
    "EMERGENCY": "The system is unusable, or an attack has succeeded and spreads.",
    "ALERT": "Somebody must act at once.",
    "CRITICAL": "A critical part is compromised or about to be.",
    "ERROR": "The state of the system was changed in a way that it should not be.",
    "WARNING": "Something was read or tried that is not allowed.",
    "NOTICE": "Unexpected behaviour that may be harmless.",
    "INFORMATIONAL": "Bad practice, or good to know.",
    "DEBUG": "For the people who write rules.",
}
PRIORITIES = tuple(MEANINGS)
ALIASES = {"INFO": "INFORMATIONAL"}


def canonical(text: str) -> str | None:
    """The upper-case name of a priority that Falco accepts (in any case, and `info`), or None."""
    name = text.upper()
    name = ALIASES.get(name, name)
    return name if name in MEANINGS and text.isascii() else None
