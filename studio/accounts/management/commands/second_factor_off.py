"""`manage.py second_factor_off EMAIL`: let somebody in who lost their second factor and their recovery codes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts import queries, services


class Command(BaseCommand):
    help = "Take every second factor from a person; the password alone lets them in then."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = queries.person(options["email"])
        if person is None:
            raise CommandError(f"Nobody here has the address {options['email']}.")
        number = services.drop_second_factor(person)
        self.stdout.write(f"{person.name} has no second factor any more ({number} taken off).")
