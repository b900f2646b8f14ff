"""`manage.py archive_journal`: move old entries of the journal into a file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from studio.audit import retention

LEAST_DAYS = 30


class Command(BaseCommand):
    help = "Move entries that are older than some days into a file; the chain stays checkable across both."

    def add_arguments(self, parser: CommandParser) -> None:
        kept = settings.JOURNAL_KEEP_DAYS or None
        parser.add_argument("--older-than", type=int, default=kept, metavar="DAYS", help="JOURNAL_KEEP_DAYS, if set")
        parser.add_argument("--to", type=Path, default=settings.VAR_DIR / "journal", metavar="FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["older_than"]
        if days is None:
            raise CommandError("Say how old entries must be: --older-than DAYS, or set JOURNAL_KEEP_DAYS.")
        if not LEAST_DAYS <= days <= 36_500:
            raise CommandError(f"Entries of the last {LEAST_DAYS} days always stay.")
        try:
            kept = retention.archive(timezone.now() - timedelta(days=days), options["to"])
        except (retention.CannotArchive, OSError) as error:
            raise CommandError(str(error)) from error
        if kept is None:
            self.stdout.write(f"No entry is older than {days} days.")
            return
        self.stdout.write(
            f"Entries {kept.first_number} to {kept.last_number} are in {options['to'] / kept.file}, "
            f"SHA-256 {kept.sha256}."
        )
