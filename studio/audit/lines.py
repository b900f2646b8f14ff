"""Entries as JSON Lines, for exports and archives; and whether a file of such lines holds."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.audit.models import JournalEntry

#: A line longer than this is none of ours.
LONGEST_LINE = 4_000_000


class NotOurs(Exception):
    """The file is no archive of a journal; the message says why."""


def line(entry: JournalEntry) -> str:
    """The entry as one line: what its hash is over, and the hash."""
    content = {**json.loads(entry.canonical()), "hash": entry.hash}
    return f"{_canonical(content)}\n"


def _canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Held:
    """What a file holds: numbers and hashes of its ends, and how many entries."""

    first: int
    last: int
    before: str
    last_hash: str
    entries: int


def check(path: Path) -> Held:
    """Walk the file's chain. Raises NotOurs with the first entry that does not hold."""
    first = last = entries = 0
    opening = before = ""
    for content in read(path):
        number, given, prev = content.get("number"), content.pop("hash", ""), content.get("prev_hash")
        if entries == 0:
            first, opening, before, last = int(number or 0), str(prev), str(prev), int(number or 0) - 1
        if number != last + 1 or prev != before:
            raise NotOurs(f"entry {last + 1} does not follow")
        if hashlib.sha256(_canonical(content).encode()).hexdigest() != given:
            raise NotOurs(f"entry {number} was changed")
        last, before, entries = int(number), str(given), entries + 1
    if not entries:
        raise NotOurs("it is empty")
    return Held(first, last, opening, before, entries)


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of the file as they are, unchecked. Raises NotOurs."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            while text := file.readline(LONGEST_LINE):
                content = json.loads(text)
                if not isinstance(content, dict):
                    raise NotOurs("a line is no object")
                yield content
    except (OSError, EOFError, ValueError, RecursionError) as error:
        raise NotOurs(f"it cannot be read: {error}") from error


def digest(path: Path) -> str:
    """SHA-256 of the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
