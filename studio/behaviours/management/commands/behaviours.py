"""`manage.py behaviours`: the library for other tools, as JSON or as a table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.behaviours import export, proof
from studio.behaviours.own import reading


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

        parser.add_argument(
            "--check",
            nargs="+",
            default=[],
            metavar="FILE",
            help="check files of behaviours (.yaml or .zip); exit code 1 and file:line: key: words where one fails",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was asked for."""
        if options["check"]:
            self._check(options["check"])
        elif options["unobservable"]:
            self.stdout.write(json.dumps(export.unobservable(), indent=2, ensure_ascii=False))
        elif options["json"]:
            self.stdout.write(json.dumps(export.library(options["technique"]), ensure_ascii=False))
        else:
            for behaviour in export.chosen(options["technique"]):
                self.stdout.write(f"{behaviour.id:45} {','.join(behaviour.techniques):30} {behaviour.title}")

    def _check(self, names: list[str]) -> None:
        """Say what is wrong with each file; raise CommandError where something is."""
        found = [line for name in names for line in _complaints(Path(name))]
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} complaint{'s' * (len(found) > 1)}.")
        self.stdout.write("Every check passes.")


def _complaints(path: Path) -> Iterator[str]:
    try:
        texts = reading.texts(path.read_bytes(), str(path))
    except (OSError, reading.UnreadableError) as error:
        yield f"{path}: {error}"
        return
    for one in reading.all_texts(texts):
        if not isinstance(one, reading.Read):
            yield f"{one[0]}:{one[1].line}: {one[1]}"
            continue
        for said in proof.of_record(one.record)[1]:
            yield f"{one.file}:{one.line(said.key, said.number)}: {said.where or 'the behaviour'}: {said.message}"
