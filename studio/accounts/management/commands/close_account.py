"""`manage.py close_account EMAIL`: close an account, also of somebody who works in several teams."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts import queries, services


class Command(BaseCommand):
    help = "Close an account: sessions, API tokens and password links end; what the person wrote stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = queries.person(options["email"])
        if person is None:
            raise CommandError(f"No account has the address {options['email']}.")
        if not services.shut(person):
            raise CommandError(f"The account of {person.name} is closed already.")
        self.stdout.write(
            f"The account of {person.name} is closed. manage.py reopen_account {person.email} reopens it."
        )
