"""`manage.py send_test_mail ADDRESS`: try the settings for mail, and say what the server answers."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts import letters


class Command(BaseCommand):
    help = "Send one letter now, past the worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        if not letters.possible():
            raise CommandError("EMAIL_HOST is not set: Mews sends no mail. docs/operations.md has the settings.")
        letter = letters.compose(options["address"], "A letter from Mews", "trial", {})
        try:
            letters.mail(letter).send()
        except (SMTPException, OSError, ValueError) as error:
            raise CommandError(f"{settings.EMAIL_HOST} did not take it: {error}") from error
        self.stdout.write(f"{settings.EMAIL_HOST} took a letter for {options['address']}.")
