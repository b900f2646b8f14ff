"""`manage.py setup_link`: a new link for the first administrator, while there are no people."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts.services import issue_setup_link


class Command(BaseCommand):
    help = (
        "Print a link, valid once and for 24 hours, that creates the first administrator; earlier links stop working."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="where this Mews is reached")

    def handle(self, *args: Any, **options: Any) -> None:
        token = issue_setup_link()
        if token is None:
            raise CommandError("There are people already. An administrator invites others under Settings, Members.")
        self.stdout.write(f"{options['address']}/setup/{token}/")
