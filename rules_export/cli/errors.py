"""What the command line tells the person who called it."""

from __future__ import annotations


class UsageError(Exception):
    """Something that the caller can put right; the text says what."""
