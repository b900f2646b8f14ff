"""manage.py verify_bundle FILE: whether a bundle is what it says. Exit code 1 where it is not."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rules_export.archives.unpacking import MAX_TOTAL, unpacked
from rules_export.artifacts.verifying import verify_bundle
from rules_export.errors import EmitError
from studio.packs import signing


class Command(BaseCommand):
    help = (
        "Check a bundle's digests, signature, manifest and verdict; needs no network and no database. Where a key is "
        "known (--key, or those of this Mews) a bundle without a signature is refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a zip, tar or tar.gz of a release")
        parser.add_argument(
            "--key", type=Path, action="append", default=[], help="a public key in PEM form; repeatable"
        )
        parser.add_argument("--signed", action="store_true", help="refuse a bundle without a good signature")
        parser.add_argument(
            "--unsigned", action="store_true", help="take one without a signature though keys are known"
        )

    def handle(self, *args: Any, file: Path, key: list[Path], signed: bool, unsigned: bool, **options: Any) -> None:
        try:
            keys = [signing.described(path.read_text()) for path in key] or signing.public_keys()
            if file.stat().st_size > MAX_TOTAL:
                raise CommandError(f"{file} is larger than any bundle.")
            files = unpacked(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{error.filename or file} cannot be read: {error.strerror}.") from error
        except (UnicodeDecodeError, EmitError, signing.SigningError) as error:
            raise CommandError(str(error)) from error
        checks = verify_bundle(files, (lambda data, made: signing.verify(data, made, keys)) if keys else None)
        for check in checks:
            mark = {True: "ok  ", False: "FAIL", None: "–   "}[check.ok]
            self.stdout.write(f"{mark} {check.what}: {check.says}")
        bad = [check.what for check in checks if check.ok is False]
        wanted = signed or (bool(keys) and not unsigned)
        if wanted and not any(check.what == "signature" and check.ok for check in checks):
            bad.append("signature")
        if bad:
            raise CommandError(f"{file.name} is not what it says: {', '.join(dict.fromkeys(bad))}.")
