"""`manage.py backup FILE`: database and files as they are at one moment, while Mews runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.backup.archive import BackupError
from studio.backup.services import back_up


class Command(BaseCommand):
    help = "Write a backup of the database and of every file. It holds secrets: only its owner may read it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to write it, such as mews-2026-03-01.tar.gz")
        parser.add_argument("--force", action="store_true", help="replace a file of this name")
        parser.add_argument(
            "--without-keys", action="store_true", help="leave out SECRET_KEY and the signing key; keep them elsewhere"
        )

    def handle(self, *args: Any, file: Path, force: bool, without_keys: bool, **options: Any) -> None:
        if file.exists() and (file.is_dir() or not force):
            raise CommandError(f"{file} exists. Choose another name, or use --force.")
        try:
            made = back_up(file, keys=not without_keys)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}. No backup was written.") from error
        self.stdout.write(
            f"{made.path}: {made.rows:,} rows of {made.tables} tables and {made.files:,} files in {made.size:,} bytes, "
            f"SHA-256 {made.sha256}."
        )
        for outside in made.outside:
            self.stdout.write(f"Not in this backup: {outside}. Keep it separately.")
        for missing in made.missing:
            self.stderr.write(f"Missing on the disk, and so in this backup: {missing}.")
