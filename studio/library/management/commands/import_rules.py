"""manage.py import_rules FILE… --team T --by ADDRESS: rules files into drafts, macros and lists, for jobs."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts import queries as people
from studio.accounts.models import Team
from studio.accounts.permissions import RoleNeeded
from studio.authoring.reading import UnreadableError
from studio.library import import_services, importing
from studio.library.importing import ADD, REPLACE, SKIP
from studio.library.reading_files import UnusableError, files_of


class Command(BaseCommand):
    help = (
        "Import rules files, or a zip or tar.gz of them. Rules become drafts; what the team has under another text is "
        "left alone unless --replace. Exit code 1: nothing was imported; 2: some items were refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--team", required=True, help="the team's short name")
        parser.add_argument("--by", required=True, help="the e-mail address of the author who imports")
        parser.add_argument("--replace", action="store_true", help="replace the team's items of the same name")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object an item, a line each")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        team = Team.objects.filter(slug=options["team"]).first()
        by = people.person(options["by"])
        if team is None or by is None:
            raise CommandError(
                f"There is no {'team ' + options['team'] if team is None else 'person ' + options['by']}."
            )
        try:
            texts = [one for path in files for one in files_of(path.name, path.read_bytes())]
            plan = importing.plan(team, texts)
            asked = {one.key: _choice(one, options["replace"]) for one in plan.items}
            if options["dry_run"]:
                self._say([(one.kind, one.name, asked[one.key], one.standing) for one in plan.items], options["json"])
                return
            kept = import_services.keep(team, by, ", ".join(path.name for path in files), texts)
            done = import_services.outcomes(import_services.carry_out(kept.pk, team, by, asked))
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
        except (UnusableError, UnreadableError, RoleNeeded) as error:
            raise CommandError(str(error)) from error
        self._say([(one.kind, one.name, one.did, one.said) for one in done], options["json"])
        if any(one.did == "refused" for one in done):
            raise CommandError("Some items were refused.", returncode=2)

    def _say(self, rows: list[tuple[str, str, str, str]], as_json: bool) -> None:
        for kind, name, did, said in rows:
            fact = {"kind": kind, "name": name, "did": did, "said": said}
            self.stdout.write(json.dumps(fact) if as_json else f"{did:9} {kind:5} {name}{f' ({said})' if said else ''}")


def _choice(item: importing.Item, replace: bool) -> str:
    if item.standing == "new":
        return ADD if ADD in item.choices and item.choices[0] != SKIP else SKIP
    return REPLACE if replace and REPLACE in item.choices else SKIP
