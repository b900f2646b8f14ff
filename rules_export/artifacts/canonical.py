"""JSON as bytes that are the same on every machine, in the order of the value given."""

from __future__ import annotations

import json


def pretty_json(value: object) -> bytes:
    """For files that people open. Lone surrogates become JSON's own escapes."""
    return _encoded(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def compact_json(value: object) -> bytes:
    """For what only machines read: no blanks, no line end."""
    return _encoded(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
