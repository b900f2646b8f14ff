"""Small readers for STIX objects that come from outside: whatever is not of the expected form reads as absent."""

from collections.abc import Iterator
from typing import Any

from studio.attack.importer.bundle import Stix

_MAX_TEXT = 200_000
_MAX_URL = 500


def text(item: Any, key: str, limit: int = _MAX_TEXT) -> str:
    """The stripped text at `key`, without NUL characters (PostgreSQL has none), cut at `limit`; else empty."""
    value = item.get(key)
    return value.replace("\x00", "").strip()[:limit] if isinstance(value, str) else ""


def texts(item: Any, key: str) -> list[str]:
    """The texts in the list at `key`, each cut at 250 characters."""
    value = item.get(key)
    if not isinstance(value, list | tuple):
        return []
    return [entry.replace("\x00", "")[:250] for entry in value if isinstance(entry, str)]


def records(item: Any, key: str) -> Iterator[Stix]:
    """The objects in the list at `key`."""
    value = item.get(key)
    for entry in value if isinstance(value, list | tuple) else ():
        if hasattr(entry, "get"):
            yield entry


def flag(item: Any, key: str) -> bool:
    """Whether `key` is true."""
    return item.get(key) is True


def own_reference(item: Any) -> tuple[str, str]:
    """ATT&CK identifier and address on MITRE's site; empty texts where the object has none."""
    for reference in records(item, "external_references"):
        if reference.get("source_name") == "mitre-attack":
            return text(reference, "external_id", 16), web_address(reference)
    return "", ""


def citations(item: Any) -> list[dict[str, str]]:
    """What the object's citations point to: [{name, text, url}]."""
    return [
        {"name": text(entry, "source_name", 250), "text": text(entry, "description", 1000), "url": web_address(entry)}
        for entry in records(item, "external_references")
        if entry.get("source_name") != "mitre-attack"
    ]


def web_address(item: Any) -> str:
    """The http(s) address at `url`, else empty: it will stand in a link."""
    address = text(item, "url", _MAX_URL + 1)
    return address if len(address) <= _MAX_URL and address.lower().startswith(("https://", "http://")) else ""
