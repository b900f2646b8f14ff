"""Which rooms the house has: the order of the imports, and where each hangs in the address bar."""

from __future__ import annotations

from pathlib import Path

HOUSE = Path(__file__).resolve().parent

# From the top of the house to the bottom: a room imports only rooms before it. The value is its address.
PREFIXES: dict[str, str] = {
    "ui": "",
    "accounts": "settings/",
    "audit": "journal/",
    "saved": "views/",
    "notices": "notices/",
    "attack": "attack/",
    "verdicts": "verdicts/",
    "behaviours": "behaviours/",
    "lab": "lab/",
    "definitions": "definitions/",
    "lints": "lints/",
    "authoring": "drafts/",
    "review": "reviews/",
    "library": "library/",
    "coverage": "coverage/",
    "packs": "exports/",
    "api": "api/",
    "backup": "",
}


def present() -> list[str]:
    """Names of the rooms that are furnished as Django apps (they have apps.py or models.py), top to bottom."""
    return [name for name in PREFIXES if any((HOUSE / name / shelf).is_file() for shelf in ("apps.py", "models.py"))]


def with_urls() -> list[tuple[str, str]]:
    """(room, address prefix) of the rooms that answer requests."""
    return [(name, PREFIXES[name]) for name in present() if (HOUSE / name / "urls.py").is_file()]
