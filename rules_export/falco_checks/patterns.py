"""Literals that need more than their field's type: regular expressions and names of events."""

from __future__ import annotations

from functools import lru_cache

from rules_export.catalog.events import accepted
from rules_export.catalog.fields import CatalogError


def check_event_type(text: str) -> None:
    """Raise CatalogError unless Falco knows an event or system call of this name."""
    if not accepted(text):
        raise CatalogError(f"unknown event type {text}")


def check_regex(pattern: str) -> None:
    """Raise CatalogError unless RE2 takes `pattern` in POSIX syntax."""
    complaint = _complaint(pattern)
    if complaint:
        raise CatalogError(f"invalid regex pattern: {complaint}")


@lru_cache(maxsize=2048)
def _complaint(pattern: str) -> str:
    import re2  # loaded by the first regular expression only

    options = re2.Options()
    options.posix_syntax = options.longest_match = True
    options.log_errors = False
    try:
        re2.compile(pattern.encode("utf-8", "surrogateescape"), options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return ""
