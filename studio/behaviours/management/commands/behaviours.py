"""`manage.py behaviours`: the library for other tools, as JSON or as a table."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from studio.behaviours import export


class Command(BaseCommand):
    """Print the behaviour library."""

    help = "Print the library of behaviours: a table, or everything as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument(
            "--json", action="store_true", help="every behaviour with its condition and events, as one JSON list"
        )
        parser.add_argument(
            "--unobservable",
            action="store_true",
            help="techniques that system calls cannot show, with the reason, as JSON",
        )
        parser.add_argument(
            "--technique",
            action="append",
            default=[],
            metavar="ID",
            help="only behaviours of this technique; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was asked for."""
        if options["unobservable"]:
            self.stdout.write(json.dumps(export.unobservable(), indent=2, ensure_ascii=False))
        elif options["json"]:
            self.stdout.write(json.dumps(export.library(options["technique"]), ensure_ascii=False))
        else:
            for behaviour in export.chosen(options["technique"]):
                self.stdout.write(f"{behaviour.id:45} {','.join(behaviour.techniques):30} {behaviour.title}")
