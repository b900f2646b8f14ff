"""`manage.py verify_journal`: walk the journal's chain; exit code 1 when it does not hold."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.audit.models import JournalEntry
from studio.audit.queries import breaks


class Command(BaseCommand):
    help = "Check that no entry of the journal was changed, removed or slipped in."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(breaks())
        for one in found:
            self.stderr.write(f"Entry {one.number} {one.what}.")
        if found:
            raise CommandError("The journal does not hold. Compare it with a backup; docs/operations.md says how.")
        last = JournalEntry.objects.order_by("-number").first()
        self.stdout.write(
            f"The journal holds: {last.number if last else 0} entries, last hash {last.hash if last else '-'}."
        )
