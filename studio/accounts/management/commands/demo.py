"""`manage.py demo`: the demo's team, people and samples; prints new passwords and a link that signs in once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts.models import Team


class Command(BaseCommand):
    help = "Fill this database with the demo. Refuses where real teams work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="where this Mews is reached")

    def handle(self, *args: Any, **options: Any) -> None:
        from studio import demo  # the demo knows every room, this room none below it

        if not settings.DEMO or Team.objects.filter(is_demo=False).exists():
            raise CommandError("The demo wants a database of its own: use `make demo`, or set DEMO=1 and VAR_DIR.")
        for email, password in demo.load().items():
            self.stdout.write(f"Password of {email}, shown once: {password}")
        self.stdout.write(f"Enter the demo as its author, once: {options['address']}{demo.enter_path()}")
