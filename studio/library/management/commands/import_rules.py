"""manage.py import_rules FILE… --team T --by ADDRESS: rules files into drafts, macros and lists, without a worker."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts import queries as people
from studio.accounts.models import Team, User
from studio.accounts.permissions import RoleNeeded
from studio.authoring.reading import Reason
from studio.library import import_jobs, import_services, import_worker
from studio.library.import_items import Change
from studio.library.importing import REPLACE, SKIP, Placing, Where
from studio.library.models import ImportItem, RulesFile
from studio.library.reading_files import UnusableError, files_of

#: --keep → where macros and lists go.
KEEP = {"rule-set": Where.RULE_SET, "team": Where.TEAM, "inline": Where.INLINE}


class Command(BaseCommand):
    help = (
        "Import rules files, or a zip or tar.gz of them. Rules become drafts; items that differ from the team's are "
        "left alone unless --replace. Exit code 1: nothing was imported; 2: some items were refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--team", required=True, help="the team's short name")
        parser.add_argument("--by", required=True, help="the email address of the author who imports")
        parser.add_argument(
            "--keep", choices=KEEP, default="rule-set",
            help="where macros and lists go: into a rule set (the default), to the team's own, or into each rule",
        )  # fmt: skip
        parser.add_argument("--rule-set", default="", help="short name of the rule set to update, with --keep rule-set")
        parser.add_argument("--title", default="", help="name of the new rule set; by default that of the first file")
        parser.add_argument("--replace", action="store_true", help="replace the team's items of the same name")
        parser.add_argument("--dry-run", action="store_true", help="print what would be done, and import nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object per item, one per line")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        team = Team.objects.filter(slug=options["team"]).first()
        by = people.person(options["by"])
        if team is None or by is None:
            raise CommandError(
                f"There is no {'team ' + options['team'] if team is None else 'person ' + options['by']}."
            )
        placing = _placing(options)
        try:
            texts = [one for path in files for one in files_of(path.name, path.read_bytes())]
            file = import_jobs.start(team, by, ", ".join(path.name for path in files), texts, placing, send=False)
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
        except (UnusableError, RoleNeeded) as error:
            raise CommandError(str(error)) from error
        self._import(_ready(file, placing), by, options)

    def _import(self, file: RulesFile, by: User, options: dict[str, Any]) -> None:
        choices = {one.key: _choice(one, options["replace"]) for one in file.items.all()}
        if options["dry_run"] or all(choice == SKIP for choice in choices.values()):
            rows = [(one.kind, one.name, choices[one.key], one.standing) for one in file.items.all()]
            self._say(rows, options["json"])
            file.delete()
            return
        import_jobs.choose(file.pk, file.team, by, Change(choices))
        import_jobs.ask(file.pk, file.team, by, send=False)
        done = import_services.outcomes(_carried_out(file, RulesFile.State.IMPORTED))
        self._say([(one.kind, one.name, one.did, one.said) for one in done], options["json"])
        if any(one.did == "refused" for one in done):
            raise CommandError("Some items were refused.", returncode=2)

    def _say(self, rows: list[tuple[str, str, str, str]], as_json: bool) -> None:
        for kind, name, did, said in rows:
            fact = {"kind": kind, "name": name, "did": did, "said": said}
            self.stdout.write(json.dumps(fact) if as_json else f"{did:9} {kind:5} {name}{f' ({said})' if said else ''}")


def _placing(options: dict[str, Any]) -> Placing:
    own = options["keep"] == "rule-set"
    if not own and (options["rule_set"] or options["title"]):
        raise CommandError("--rule-set and --title need --keep rule-set.")
    return Placing(KEEP[options["keep"]].value, options["title"], options["rule_set"])


def _ready(file: RulesFile, placing: Placing) -> RulesFile:
    """The import with its plan."""
    file = _carried_out(file, RulesFile.State.READY)
    sets = [slug for slug, _ in file.plan["rule_sets"]]
    if placing.rule_set and placing.rule_set not in sets:
        file.delete()
        raise CommandError(f"The team has no rule set {placing.rule_set}. It has: {', '.join(sets) or 'none'}.")
    return file


def _carried_out(file: RulesFile, state: str) -> RulesFile:
    """The import once this process has done the worker's part; a failed one is forgotten."""
    while import_jobs.is_open(file):
        import_worker.carry_out(file)
        time.sleep(0 if not import_jobs.is_open(file) else 0.2)  # a worker that has just started may be at it
    now = RulesFile.objects.select_related("team").get(pk=file.pk)
    if now.state != state:
        now.delete()
        reasons = [str(Reason(*one)) for one in now.reasons]
        raise CommandError("\n".join([now.trouble or "The import could not be finished.", *reasons]))
    return now


def _choice(item: ImportItem, replace: bool) -> str:
    if replace and REPLACE in item.choices:
        return REPLACE
    return SKIP if item.standing in {"same", "differs"} else str(item.choices[0])
