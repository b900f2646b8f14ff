"""`manage.py verify_journal`: walk the journal's chain; exit code 1 when it does not hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.audit import retention
from studio.audit.models import JournalEntry
from studio.audit.queries import breaks, newest_archive, seals_broken


class Command(BaseCommand):
    help = "Check that no entry of the journal was changed, removed, slipped in or cut off at the end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--archives", type=Path, metavar="FOLDER", help="check the files of the archives, too")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = [f"Entry {one.number} {one.what}." for one in breaks()]
        wrong += [
            f"Entry {one.number} says that the seal did not hold before it: entries may have been cut off."
            for one in seals_broken()
        ]
        if options["archives"]:
            wrong += retention.check_files(options["archives"])
        for one in wrong:
            self.stderr.write(one)
        if wrong:
            raise CommandError("The journal does not hold. Compare it with a backup; docs/operations.md says how.")
        last, archive = JournalEntry.objects.order_by("-number").first(), newest_archive()
        self.stdout.write(
            f"The journal holds: {last.number if last else 0} entries, last hash {last.hash if last else '-'}."
        )
        if archive:
            checked = "and hold" if options["archives"] else "not looked at here (--archives FOLDER)"
            self.stdout.write(f"Entries 1 to {archive.last_number} are in archives, {checked}.")
