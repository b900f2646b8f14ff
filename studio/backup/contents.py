"""Which files belong to the data of Mews: what the rooms' AppConfigs say of theirs (studio.stored)."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps

from studio.stored import StoredFile

SECRET_KEY = "secret_key"  # noqa: S105 - the file's name
SIGNING_KEY = "signing/key.pem"
#: Hidden files are being written; what is older than this was left behind by a killed process.
ABANDONED_AFTER = 3600.0


def folders() -> list[str]:
    """Folders below VAR_DIR that hold files of the data."""
    return [name for config in apps.get_app_configs() for name in getattr(config, "stored_folders", ())]


def named(using: str = "default") -> Iterator[StoredFile]:
    """The files that rows of this database name."""
    for config in apps.get_app_configs():
        method: Any = getattr(config, "stored_files", None)
        if method:
            yield from method(using)


def walk(var: Path) -> Iterator[str]:
    """Paths below `var` of the regular files in the folders, in order. Links are not followed."""
    for folder in sorted(folders()):
        for root, inner, names in os.walk(var / folder):
            inner.sort()
            for name in sorted(names):
                path = Path(root, name)
                if _counts(path):
                    yield path.relative_to(var).as_posix()


def _counts(path: Path) -> bool:
    try:
        about = path.lstat()
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(about.st_mode):
        return False
    return not path.name.startswith(".") or time.time() - about.st_mtime > ABANDONED_AFTER
