"""Entries of the audit log by the thing they are about, for checking that the things are as the log says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils.dateparse import parse_datetime

from studio.audit import lines
from studio.audit.models import JournalArchive, JournalEntry

#: How far the time of a deed and that of its entry may lie apart: both are written in one transaction.
MAX_APART = timedelta(minutes=2)
_FIELDS = ("number", "at", "actor_id", "actor", "team_id", "verb", "target_type", "target_id", "details")


@dataclass(frozen=True, slots=True)
class Line:
    """What one entry says."""

    number: int
    at: datetime
    actor_id: int | None
    actor: str
    team_id: int | None
    verb: str
    target_type: str
    target_id: str
    details: dict[str, Any]

    def says(self, at: datetime | None, actor_id: int | None, team_id: int | None, **details: Any) -> list[str]:
        """The words for each of these in which the entry differs. Details that the entry does not have are passed."""
        wrong = [name for name, value in details.items() if self.details.get(name, value) != value]
        if at is None or abs(self.at - at) > MAX_APART:
            wrong.append("time")
        if self.actor_id != actor_id:
            wrong.append("person")
        if self.team_id != team_id:
            wrong.append("team")
        return wrong


@dataclass(slots=True)
class Ledger:
    """The log's lines by type and key of their object, in order. since: entries from before were archived, and are not
    at hand; None where all are."""

    since: datetime | None = None
    unchecked: int = 0
    by_object: dict[tuple[str, str], list[Line]] = field(default_factory=lambda: defaultdict(list))

    def of(self, kind: str, pk: object) -> list[Line]:
        """What the log says of the object."""
        return self.by_object.get((kind, str(pk)), [])

    def of_kind(self, kind: str) -> Iterator[Line]:
        """What the log says of all objects of the kind, also of those that are no longer there."""
        for (about, _), entries in self.by_object.items():
            if about == kind:
                yield from entries

    def lacks(self, at: datetime | None) -> bool:
        """Whether an entry of that time would be at hand; counts those that cannot be checked."""
        if self.since is not None and at is not None and at <= self.since:
            self.unchecked += 1
            return False
        return True

    def add(self, line: Line) -> None:
        """One more line, in order."""
        self.by_object[line.target_type, line.target_id].append(line)


def faults(archives: Path | None) -> tuple[list[str], int]:
    """Where things are otherwise than the log says, as sentences; and how many could not be checked, because their
    entries are in archives and no folder of archives was given."""
    ledger = _read(archives)
    checks: Iterable[Callable[[Ledger], Iterable[str]]]
    checks = [config.audit_faults for config in apps.get_app_configs() if hasattr(config, "audit_faults")]
    return [fault for check in checks for fault in check(ledger)], ledger.unchecked


def _read(archives: Path | None) -> Ledger:
    ledger = Ledger()
    if archives:
        for archive in JournalArchive.objects.order_by("last_number"):
            for content in lines.read(archives / archive.file):
                ledger.add(Line(**{**{name: content[name] for name in _FIELDS}, "at": parse_datetime(content["at"])}))
    entries = JournalEntry.objects.order_by("number")
    if not archives and JournalArchive.objects.exists():
        ledger.since = entries.values_list("at", flat=True).first()
    for values in entries.exclude(target_id="").values(*_FIELDS).iterator(chunk_size=2000):
        ledger.add(Line(**values))
    return ledger
