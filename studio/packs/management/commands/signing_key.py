"""manage.py signing_key: the keys that releases are signed with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.packs import signing


class Command(BaseCommand):
    help = "Print the public key that releases are signed with; --new makes one, and keeps the public half of the last."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new", action="store_true", help="make a key and use it from now on")
        parser.add_argument("--all", action="store_true", help="print the earlier public keys too")

    def handle(self, *args: Any, new: bool, all: bool, **options: Any) -> None:
        try:
            if new:
                signing.new_key()
            keys = signing.public_keys()
        except signing.SigningError as error:
            raise CommandError(str(error)) from error
        shown = keys if all else [one for one in keys if one.current]
        if not shown:
            raise CommandError("There is no signing key. --new makes one.")
        for one in shown:
            self.stderr.write(f"{one.name}{' (in use)' if one.current else ''}")
            self.stdout.write(one.pem, ending="")
