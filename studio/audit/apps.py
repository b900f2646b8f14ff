"""The audit room."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "studio.audit"
    label = "audit"
    verbose_name = "Journal"

    def ready(self) -> None:
        from studio.audit import listeners  # noqa: F401 - connects the signals
