"""Old entries go to a file, and from the table; the chain stays checkable across both."""

from __future__ import annotations

import gzip
import os
from datetime import datetime
from pathlib import Path

from django.db import transaction

from studio.audit import lines, queries
from studio.audit.models import JournalArchive, JournalEntry
from studio.audit.services import record
from studio.environment import private_directory


class CannotArchive(Exception):
    """Nothing is moved; the message says why."""


def archive(before: datetime, folder: Path) -> JournalArchive | None:
    """Move the entries from before the moment into a file in the folder. None where there is nothing to move.

    The newest entry always stays. Raises CannotArchive where the chain does not hold.
    """
    if found := next(queries.breaks(), None):
        raise CannotArchive(f"Entry {found.number} {found.what}. A journal that does not hold is not archived.")
    last = _last(before)
    if last is None:
        return None
    path = _write(last, private_directory(folder))
    try:
        held = lines.check(path)
    except lines.NotOurs as error:
        raise CannotArchive(f"{path} was not written well: {error}.") from error
    return _move(path, held)


def _last(before: datetime) -> int | None:
    """The newest entry that goes: all up to it are from before the moment, and one stays."""
    stays = JournalEntry.objects.filter(at__gte=before).order_by("number").first()
    stays = stays or JournalEntry.objects.order_by("-number").first()
    if stays is None or not JournalEntry.objects.filter(number__lt=stays.number).exists():
        return None
    return stays.number - 1


def _write(last: int, folder: Path) -> Path:
    """The entries in a file that appears under its name only when it is complete and on the disk."""
    entries = JournalEntry.objects.filter(number__lte=last).order_by("number")
    first = entries.values_list("number", flat=True)[0]
    path = folder / f"journal-{first:09}-{last:09}.jsonl.gz"
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as raw:
        os.fchmod(raw.fileno(), 0o600)
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
            for entry in entries.iterator(chunk_size=1000):
                packed.write(lines.line(entry).encode())
        raw.flush()
        os.fsync(raw.fileno())
    draft.replace(path)
    return path


@transaction.atomic
def _move(path: Path, held: lines.Held) -> JournalArchive:
    """Note the archive, write it down in the journal, and only then let the entries go."""
    kept = JournalArchive.objects.create(
        first_number=held.first, last_number=held.last, last_hash=held.last_hash, entries=held.entries,
        file=path.name, sha256=lines.digest(path),
    )  # fmt: skip
    record(None, None, queries.ARCHIVED, path.name, **kept.facts())
    JournalEntry._base_manager.filter(number__lte=held.last).delete()
    return kept


def check_files(folder: Path) -> list[str]:
    """What is wrong with the files of the archives, as sentences; nothing where they hold and fit together."""
    wrong, before = [], ""
    for kept in JournalArchive.objects.order_by("last_number"):
        path = folder / kept.file
        try:
            held = lines.check(path)
        except lines.NotOurs as error:
            wrong.append(f"{path}: {error}.")
        else:
            if (held.first, held.last, held.last_hash) != (kept.first_number, kept.last_number, kept.last_hash):
                wrong.append(f"{path}: it holds other entries than were archived.")
            elif held.before != before:
                wrong.append(f"{path}: it does not follow the archive before it.")
        before = kept.last_hash
    return wrong
