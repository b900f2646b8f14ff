"""`manage.py restore FILE`: a backup into an empty VAR_DIR and database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.backup.archive import BackupError
from studio.backup.restoring import restore


class Command(BaseCommand):
    help = "Restore a backup. Stop Mews first. Everything is verified before anything changes."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `manage.py backup` wrote")
        parser.add_argument("--replace", action="store_true", help="set present data aside, where there is some")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        try:
            done = restore(file, replace)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}. Nothing was restored.") from error
        self.stdout.write(
            f"Restored the backup of {done.made_at} (Mews {done.mews}): {done.rows:,} rows of {done.tables} tables and "
            f"{done.files:,} files."
        )
        if done.set_aside:
            self.stdout.write(f"The former data is in {done.set_aside}.")
        for warning in done.warnings:
            self.stderr.write(warning)
        self.stdout.write("Check it with `manage.py verify_files` and `manage.py verify_audit`, then start Mews.")
