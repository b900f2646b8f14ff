"""`back_up`: everything as it is at one moment, while Mews runs."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from studio.backup import archive, contents, databases
from studio.backup.archive import DATABASE, FILES, BackupError, Contents
from studio.environment import claim, private_directory
from studio.packs import signing
from studio.stored import StoredFile
from studio.version import VERSION

_STAGING = ".backing-up"


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written. missing: files that rows name and that are not on the disk. outside: what is not in it."""

    path: Path
    sha256: str
    tables: int
    rows: int
    files: int
    size: int
    missing: tuple[str, ...]
    outside: tuple[str, ...]


def back_up(path: Path, keys: bool = True) -> Backup:
    """Write a backup. keys: with SECRET_KEY and the signing key, where they are files of ours.

    Files are linked before and after the snapshot of the database, so that nothing that the snapshot names can be
    cleaned up in between. Raises BackupError, and OSError where the disk is full or can't be written.
    """
    if lacking := databases.unapplied():
        raise BackupError(
            f"The database is of an older version of Mews ({len(lacking)} migrations are not applied). "
            "Make the backup with that version, or run `manage.py migrate` first."
        )
    with _staged(Path(settings.VAR_DIR)) as staging:
        _link_files(staging, keys)
        with databases.snapshot(private_directory(staging / "database")) as taken:
            _link_files(staging, keys)
            missing = _complete(staging, taken.using, set() if keys else {contents.SIGNING_KEY})
            about = Contents(_header(keys))
            about.more = {"tables": taken.tables, "sequences": taken.sequences, "missing": missing}
            with archive.written(path, about) as writer:
                for name, source in taken.files.items():
                    writer.add(DATABASE + name, source)
                names = list(_names(staging))
                for name in names:
                    writer.add(FILES + name, staging / "files" / name)
    rows, size = sum(taken.tables.values()), path.stat().st_size
    digest = archive.file_digest(path)
    return Backup(path, digest, len(taken.tables), rows, len(names), size, tuple(missing), tuple(_outside(keys)))


def key_mark(key: str) -> str:
    """Tells whether a SECRET_KEY is the same, without telling what it is."""
    return salted_hmac("studio.backup", "mark", secret=key, algorithm="sha256").hexdigest()


def _header(keys: bool) -> dict[str, Any]:
    return {
        "mews": VERSION,
        "made_at": timezone.now().isoformat(),
        "database": connection.vendor,
        "migrations": databases.migrations(),
        "secret_key": key_mark(settings.SECRET_KEY),
        "outside": _outside(keys),
    }


def _outside(keys: bool) -> list[str]:
    """Keys that are not in the backup, with where they are."""
    var = Path(settings.VAR_DIR)
    found = []
    if not _secret_key_is_ours():
        found.append("SECRET_KEY, which the environment sets")
    elif not keys:
        found.append(f"SECRET_KEY, in {var / contents.SECRET_KEY}")
    if name := signing.outside():
        found.append(f"the signing key, which {name} sets")
    elif not keys and (var / contents.SIGNING_KEY).is_file():
        found.append(f"the signing key, in {var / contents.SIGNING_KEY}")
    return found


def _secret_key_is_ours() -> bool:
    path = Path(settings.VAR_DIR, contents.SECRET_KEY)
    return path.is_file() and path.read_text().strip() == settings.SECRET_KEY


@contextmanager
def _staged(var: Path) -> Iterator[Path]:
    """A folder beside the files, so that they can be linked; one backup at a time uses it."""
    claimed = claim(var / "claims" / "backup")
    if claimed is None:
        raise BackupError("Another backup is being made. Wait for it, then try again.")
    staging = var / _STAGING
    with claimed:
        shutil.rmtree(staging, ignore_errors=True)  # of a backup that was killed
        try:
            yield private_directory(staging)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def _link_files(staging: Path, keys: bool) -> None:
    """Hold on to every file that is there now."""
    var = Path(settings.VAR_DIR)
    names = [name for name in contents.walk(var) if archive.is_safe(FILES + name)]
    if keys and _secret_key_is_ours():
        names.append(contents.SECRET_KEY)
    for name in names:
        if keys or name != contents.SIGNING_KEY:
            _hold(var / name, staging / "files" / name)


def _hold(source: Path, target: Path) -> bool:
    """Link the file, or copy it where the folder is another file system; whether it was there."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileExistsError:
        return True
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno not in {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP}:
            raise
        shutil.copyfile(source, target)
    return True


def _complete(staging: Path, using: str, seen: set[str]) -> list[str]:
    """Have every file that the snapshot names, but those seen: intact, or rebuilt. Gives those that are lost."""
    var, missing = Path(settings.VAR_DIR), []
    for file in contents.named(using):
        if file.path in seen:
            continue
        seen.add(file.path)
        target = staging / "files" / file.path
        if is_intact(target, file):
            continue
        target.unlink(missing_ok=True)
        if file.rebuild() and _hold(var / file.path, target):
            continue
        if not file.optional:
            missing.append(f"{file.path} ({file.owner})")
    return missing


def is_intact(path: Path, file: StoredFile) -> bool:
    """Whether the file is there with the recorded size and digest."""
    try:
        if file.size is not None and path.stat().st_size != file.size:
            return False
        return archive.file_digest(path) == file.sha256 if file.sha256 else path.is_file()
    except OSError:
        return False


def _names(staging: Path) -> Iterator[str]:
    for root, inner, names in os.walk(staging / "files"):
        inner.sort()
        for name in sorted(names):
            yield Path(root, name).relative_to(staging / "files").as_posix()
