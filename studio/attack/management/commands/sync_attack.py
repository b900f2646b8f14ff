"""manage.py sync_attack: load a release of Enterprise ATT&CK."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.attack import services
from studio.attack.models import Catalogue


class Command(BaseCommand):
    help = "Load a release of Enterprise ATT&CK in place of the loaded one, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--source", default="embedded", help='"embedded" (the default), a bundle\'s path, or its http(s) address'
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing when any release is loaded")
        parser.add_argument("--again", action="store_true", help="load even if this very release is loaded")

    def handle(self, *args: Any, source: str, if_empty: bool, again: bool, **options: Any) -> None:
        if if_empty and (present := Catalogue.objects.first()):
            self.stdout.write(f"{present} is loaded; nothing to do.")
            return
        started = time.perf_counter()
        try:
            loaded = services.sync(source, again=again)
        except services.CatalogueError as error:
            raise CommandError(f"{error} The catalogue is as it was.") from error
        self.stdout.write(_report(loaded, time.perf_counter() - started))


def _report(loaded: services.Loaded, seconds: float) -> str:
    if not loaded.changed:
        return f"{loaded.catalogue} from this source is loaded already; --again loads it once more."
    before = f" in place of {loaded.before}" if loaded.before else ""
    left_out = f" {loaded.left_out} relations to objects outside the release were left out." if loaded.left_out else ""
    return f"Loaded {loaded.catalogue}{before} from {loaded.catalogue.source} in {seconds:.1f} s.{left_out}"
