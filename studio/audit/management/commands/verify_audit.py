"""`manage.py verify_audit`: check the audit log, and what it vouches for; exit code 1 when anything is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from studio.audit import guards, ledger, lines, retention
from studio.audit.models import JournalEntry
from studio.audit.queries import breaks, emptied, newest_archive, seals_broken


class Command(BaseCommand):
    help = (
        "Check that no entry of the audit log was changed, removed, inserted or cut off at the end, that the "
        "database's triggers are in place, and that revisions, decisions, approvals and releases are as the log says."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--archives", type=Path, metavar="FOLDER", help="check the files of the archives, too")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["archives"]
        wrong = [f"Entry {one.number} {one.what}." for one in breaks()]
        wrong += [
            f"Entry {one.number} says that the seal did not hold before it: entries may have been cut off."
            for one in seals_broken()
        ]
        wrong += emptied()
        wrong += [
            f"The trigger {guard.name} on {guard.table} is missing, disabled or changed; manage.py migrate restores it."
            for guard in guards.faulty(connection)
        ]
        broken = retention.check_files(folder) if folder else []
        try:
            faults, unchecked = ledger.faults(folder if not broken else None)
        except lines.NotOurs as error:
            raise CommandError(f"An archive changed while it was read: {error}.") from error
        wrong += broken + faults
        for one in wrong:
            self.stderr.write(one)
        if wrong:
            raise CommandError(
                "The audit log does not hold, or what it vouches for was changed. Compare with a backup; "
                "docs/operations.md says how."
            )
        self._report(folder, unchecked)

    def _report(self, folder: Path | None, unchecked: int) -> None:
        last, archive = JournalEntry.objects.order_by("-number").first(), newest_archive()
        self.stdout.write(
            f"The audit log holds: {last.number if last else 0} entries, last hash {last.hash if last else '-'}."
        )
        if archive:
            checked = "and hold" if folder else "not looked at here (--archives FOLDER)"
            self.stdout.write(f"Entries 1 to {archive.last_number} are in archives, {checked}.")
        if unchecked:
            self.stdout.write(
                f"{unchecked} deeds are older than the entries at hand; --archives FOLDER checks them too."
            )
