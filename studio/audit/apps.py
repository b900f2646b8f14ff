"""The audit room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from studio.stored import StoredFile

if TYPE_CHECKING:
    from studio.audit.guards import Guard


class AuditConfig(AppConfig):
    name = "studio.audit"
    label = "audit"
    verbose_name = "Journal"
    stored_folders = ["journal"]

    def ready(self) -> None:
        from studio.audit import guards, listeners  # noqa: F401 - listeners connects the signals

        post_migrate.connect(guards.install, sender=self, dispatch_uid="audit guards")

    def audit_guards(self) -> Iterable[Guard]:
        """Triggers that keep the log."""
        from studio.audit import guards

        return guards.OWN

    def stored_files(self, using: str) -> Iterator[StoredFile]:
        """The files that archived entries went to."""
        from studio.audit.models import JournalArchive

        for archive in JournalArchive.objects.using(using):
            owner = f"entries {archive.first_number} to {archive.last_number} of the audit log"
            yield StoredFile(f"journal/{archive.file}", owner, archive.sha256)
