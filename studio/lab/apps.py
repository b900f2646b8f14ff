"""The lab as a Django app."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import AppConfig

from studio.stored import StoredFile
from studio.ui.nav import NavItem


class LabConfig(AppConfig):
    """Sample events and their runs."""

    name = "studio.lab"
    default_auto_field = "django.db.models.BigAutoField"
    nav = [NavItem("Lab", "lab:index", "flask", 70, key="l")]
    stored_folders = ["lab"]

    def stored_files(self, using: str) -> Iterator[StoredFile]:
        """Uploads: what still runs needs its file, what is over loses it after a while."""
        from studio.lab.models import LabRun

        for run in LabRun.objects.using(using).defer("result", "rules").order_by("asked_at"):
            path = f"lab/{run.path.name}"
            yield StoredFile(path, f"the lab run {run.name}", size=run.size, optional=run.is_over)
