"""`manage.py password_link EMAIL`: a link that sets a new password, for when no administrator can sign in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts import queries, services


class Command(BaseCommand):
    help = "Print a link, valid once and for 24 hours, that sets a new password for this person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="where this Mews is reached")

    def handle(self, *args: Any, **options: Any) -> None:
        person = queries.person(options["email"])
        if person is None:
            raise CommandError(f"Nobody here has the address {options['email']}.")
        if not person.is_active:
            raise CommandError(
                f"The account of {person.name} is closed. Reopen it: manage.py reopen_account {person.email}"
            )
        self.stdout.write(f"{options['address']}/new-password/{services.new_password_link(person)}/")
