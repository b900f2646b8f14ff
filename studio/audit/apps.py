"""The audit room."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import AppConfig

from studio.stored import StoredFile


class AuditConfig(AppConfig):
    name = "studio.audit"
    label = "audit"
    verbose_name = "Journal"
    stored_folders = ["journal"]

    def ready(self) -> None:
        from studio.audit import listeners  # noqa: F401 - connects the signals

    def stored_files(self, using: str) -> Iterator[StoredFile]:
        """The files that archived entries went to."""
        from studio.audit.models import JournalArchive

        for archive in JournalArchive.objects.using(using):
            owner = f"entries {archive.first_number} to {archive.last_number} of the audit log"
            yield StoredFile(f"journal/{archive.file}", owner, archive.sha256)
