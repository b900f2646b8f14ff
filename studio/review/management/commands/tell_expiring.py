"""`manage.py tell_expiring`: tell of exceptions that expire, now; for who runs the clock by cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from studio.review import expiring


class Command(BaseCommand):
    help = "Tell contributors and owners of exceptions of approved rules that have expired or soon will."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{expiring.tell()} exceptions were told of.")
