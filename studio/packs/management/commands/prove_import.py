"""manage.py prove_import FILE… --output OUT: whether rules come out of Mews as they went in, tried on these files."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts.models import Team
from studio.authoring.reading import UnreadableError
from studio.library.reading_files import UnusableError, files_of
from studio.packs.import_proof import Proof, prove

#: Says to the command that its database is the scratch one.
SCRATCH = "MEWS_SCRATCH_DATABASE"


class Command(BaseCommand):
    help = (
        "Import rules files, submit, approve and release every rule as a standalone pack in a scratch database, and "
        "compare the released file with the original: every rule expanded, its fields and its order. Exit code 0: all "
        "rules are equal; 1: some are not; 2: the files cannot be read."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, help="rules files in the order in which Falco loads them")
        parser.add_argument("--output", type=Path, required=True, help="where the released rules file is written")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, files: list[Path], output: Path, **options: Any) -> None:
        if os.environ.get(SCRATCH) != "1":
            sys.exit(_in_scratch(files, output, options["json"]))
        if Team.objects.exists():
            raise CommandError("The scratch database is in use.", returncode=2)
        try:
            texts = [text for path in files for text in files_of(path.name, path.read_bytes())]
            proof = prove(texts, self._tell)
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.", returncode=2) from error
        except (UnusableError, UnreadableError) as error:
            raise CommandError(str(error), returncode=2) from error
        if proof.text:
            output.write_text(proof.text, encoding="utf-8")
        self.stdout.write(_as_json(proof) if options["json"] else _as_text(proof))
        if not proof.holds:
            raise CommandError(f"{len(proof.changed)} of {proof.rules} rules are not equal.", returncode=1)

    def _tell(self, stage: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{stage:<60}", ending="")


def _in_scratch(files: list[Path], output: Path, as_json: bool) -> int:
    """Run this command in a process of its own, with an empty database that is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="mews-proof-") as folder:
        hidden = {"DATABASE_URL", "CACHE_URL", "CELERY_BROKER_URL", "STORAGE_URL"}
        environment = {key: value for key, value in os.environ.items() if key not in hidden}
        environment |= {"VAR_DIR": folder, SCRATCH: "1", "FALCO_BINARY": ""}
        manage = str(settings.BASE_DIR / "manage.py")
        migrate = [sys.executable, manage, "migrate", "--verbosity", "0"]
        migrated = subprocess.run(migrate, env=environment, check=False)  # noqa: S603 - our own program
        if migrated.returncode:
            return 2
        command = [sys.executable, manage, "prove_import", *map(str, files), "--output", str(output)]
        command += ["--json"] if as_json else []
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own program


def _as_json(proof: Proof) -> str:
    return json.dumps(
        {
            "rules": proof.rules,
            "equal": proof.rules - len(proof.changed),
            "refused": [asdict(one) for one in proof.refused],
            "differences": [{**asdict(one), "message": one.message} for one in proof.differences],
        },
        indent=2,
    )


def _as_text(proof: Proof) -> str:
    lines = [f"{one.rule}: refused. {' '.join(one.reasons)}" for one in proof.refused]
    lines += [one.message for one in proof.differences]
    return "\n".join([*lines, f"{proof.rules - len(proof.changed)} of {proof.rules} rules are equal to the original."])
