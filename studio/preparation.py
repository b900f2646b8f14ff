"""What has to be there before Mews can serve: tables, hashed static files, the ATT&CK catalogue, the demo."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare() -> Iterator[str]:
    """Do what is missing; yields a sentence before each thing that takes time."""
    if needs_migration():
        yield "Preparing the database"
        call_command("migrate", verbosity=0, interactive=False)
    if not settings.DEBUG and needs_collection():
        yield "Packing static files"
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    if lacks_catalogue():
        yield "Loading MITRE ATT&CK"
        # In a process of its own: reading the bundle takes some hundred megabytes, which this one would keep.
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "sync_attack"]
        if subprocess.call(command):  # noqa: S603
            yield "ATT&CK is not loaded. Mews starts without it; manage.py sync_attack tries again"


def needs_migration() -> bool:
    """Whether some migration has not been applied."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def needs_collection() -> bool:
    """Whether a built file is newer than the last collection (or none was made)."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return True
    made = manifest.stat().st_mtime
    built = (file for _, folder in settings.STATICFILES_DIRS for file in Path(folder).iterdir())
    return any(file.stat().st_mtime > made for file in built)


def lacks_catalogue() -> bool:
    """Whether the attack room is there and its tables are empty."""
    return apps.is_installed("studio.attack") and not apps.get_model("attack", "Technique").objects.exists()
