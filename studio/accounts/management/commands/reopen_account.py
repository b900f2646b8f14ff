"""`manage.py reopen_account EMAIL`: let somebody sign in again whose account was closed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts import queries, services


class Command(BaseCommand):
    help = "Reopen an account that was closed; revoked API tokens stay revoked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = queries.person(options["email"])
        if person is None:
            raise CommandError(f"No account has the address {options['email']}.")
        if not services.reopen(person):
            raise CommandError(f"The account of {person.name} is open.")
        self.stdout.write(f"{person.name} can sign in again.")
