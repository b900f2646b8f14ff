"""`manage.py send_digests`: mail what waits for the daily letter, now; for who runs the clock by cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from studio.accounts import letters
from studio.notices import mailing


class Command(BaseCommand):
    help = "Write one letter to everybody for whom notices wait; the worker sends them."

    def handle(self, *args: Any, **options: Any) -> None:
        if not letters.possible():
            self.stdout.write("EMAIL_HOST is not set: Mews sends no mail.")
            return
        self.stdout.write(f"{mailing.send_digests()} letters were written.")
