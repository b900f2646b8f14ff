"""The audit room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.db.models.signals import post_migrate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from studio.audit.guards import Guard


class AuditConfig(AppConfig):
    name = "studio.audit"
    label = "audit"
    verbose_name = "Journal"

    def ready(self) -> None:
        from studio.audit import guards, listeners  # noqa: F401 - listeners connects the signals

        post_migrate.connect(guards.install, sender=self, dispatch_uid="audit guards")

    def audit_guards(self) -> Iterable[Guard]:
        """Triggers that keep the log."""
        from studio.audit import guards

        return guards.OWN
