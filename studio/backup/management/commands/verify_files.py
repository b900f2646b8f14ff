"""`manage.py verify_files`: whether every file that a row names is there, intact. Exit code 1 where one is not."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from studio.backup.verification import Report, verify


class Command(BaseCommand):
    help = "Check that every file that the database names exists and matches its size and SHA-256."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="make missing and damaged files again where possible"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, rebuild: bool, json: bool, **options: Any) -> None:
        report = verify(rebuild)
        if json:
            self.stdout.write(as_json(report))
        else:
            self._say(report)
        if report.problems:
            sys.exit(1)

    def _say(self, report: Report) -> None:
        for problem in report.problems:
            self.stderr.write(f"{problem.path} is {problem.kind}: {problem.owner}.")
        for problem in report.rebuilt:
            self.stdout.write(f"{problem.path} was {problem.kind} and is rebuilt: {problem.owner}.")
        for orphan in report.orphans:
            self.stdout.write(f"{orphan} belongs to nothing. Nothing was deleted.")
        bad = len(report.problems)
        self.stdout.write(
            f"{report.checked:,} files checked, {bad:,} missing or damaged, {len(report.rebuilt):,} rebuilt, "
            f"{len(report.orphans):,} that belong to nothing."
        )
        if bad:
            self.stderr.write("Run `manage.py verify_files --rebuild`, or restore the files from a backup.")


def as_json(report: Report) -> str:
    """The report for programs."""
    return json.dumps({"ok": not report.problems, **asdict(report)}, indent=1)
