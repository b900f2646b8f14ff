"""`restore`: a backup goes into an empty VAR_DIR and an empty database, or what is there is set aside first.

Everything is unpacked and verified beside its place before anything changes. Then the files come, and the database
last: a restore that is killed at any point leaves the old data, or a target without data that can be restored into.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from studio.backup import archive, contents, databases
from studio.backup.archive import DATABASE, FILES, BackupError, Contents
from studio.backup.services import key_mark
from studio.environment import RUNNING, claim, private_directory

_STAGING = ".restoring"
#: In the staging folder from the first change on: files in the folders of data are then those of a killed restore.
_BEGUN = "begun"
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. set_aside: where the former data is; "" for none. warnings: sentences, what to do now."""

    made_at: str
    mews: str
    tables: int
    rows: int
    files: int
    set_aside: str
    warnings: tuple[str, ...]


def restore(path: Path, replace: bool = False) -> Restored:
    """Restore the backup. replace: set former data aside, which is refused without it.

    Raises BackupError, with nothing changed, and OSError where the disk is full or can't be written.
    """
    var = Path(settings.VAR_DIR)
    running = claim(var / "claims" / RUNNING)
    if running is None:
        raise BackupError(f"Mews is running in {var}, or another restore is. Stop it, then restore again.")
    with running:
        staging = var / _STAGING
        interrupted = (staging / _BEGUN).exists()
        former = _former_data(var, interrupted)
        if former and not replace:
            raise BackupError(
                f"There is data here already: {', '.join(former)}. Restore into an empty VAR_DIR and an empty "
                "database, or use --replace, which moves the present data aside."
            )
        _clear(staging, interrupted)
        try:
            held = archive.extract(path, private_directory(staging), _check_header)
            _check_database(staging, held)
            with _set_aside(var, bool(former)) as place:
                _put_in_place(var, staging, held, interrupted)
        except DatabaseError as error:
            raise BackupError(databases.describe_failure(error)) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        cache.clear()
    tables = held.more["tables"]
    files = sum(1 for name in held.entries if name.startswith(FILES))
    about = held.header
    warnings = tuple(_warnings(var, held))
    return Restored(about["made_at"], about["mews"], len(tables), sum(tables.values()), files, place, warnings)


def _former_data(var: Path, interrupted: bool) -> list[str]:
    """What is here, in words; nothing for an empty target."""
    database = f"accounts or an audit log in the {_NAMES[connection.vendor]} database"
    found = [] if databases.is_empty() else [database]
    if not interrupted and (first := next(contents.walk(var), "")):
        found.append(f"files such as {var / first}")
    return found


def _clear(staging: Path, interrupted: bool) -> None:
    shutil.rmtree(staging, ignore_errors=True)
    if interrupted:  # it still holds of the folders, until they are replaced
        private_directory(staging).joinpath(_BEGUN).touch()


def _check_header(header: Mapping[str, Any]) -> None:
    """Raise BackupError for a backup that this Mews can't restore here."""
    if header["database"] != connection.vendor:
        theirs, ours = _NAMES.get(header["database"], header["database"]), _NAMES[connection.vendor]
        raise BackupError(
            f"The backup is of {theirs}, and DATABASE_URL names {ours} here. Set DATABASE_URL to a {theirs} database."
        )
    if unknown := databases.unknown(header["migrations"]):
        raise BackupError(
            f"The backup was made by Mews {header['mews']}, whose database is newer than this version's: it has the "
            f"migration {unknown[0]}. Restore it with that version of Mews or a later one."
        )


def _check_database(staging: Path, held: Contents) -> None:
    """Raise BackupError where the data isn't what the manifest says, or lies where none of ours does."""
    allowed = {*contents.folders(), contents.SECRET_KEY}
    for name in held.entries:
        if name.startswith(FILES) and name.split("/")[1] not in allowed:
            raise BackupError(f"The backup holds {name}, for which there is no place. Nothing was restored.")
    if connection.vendor != "sqlite":
        return
    file = staging / DATABASE / databases.SQLITE_FILE
    if not file.is_file():
        raise BackupError("The backup holds no database. Nothing was restored.")
    database = sqlite3.connect(file)
    try:
        tables = databases.check_sqlite(database)
    finally:
        database.close()
    if tables != held.more["tables"]:
        raise BackupError("The database has other rows than the manifest says. Nothing was restored.")


@contextmanager
def _set_aside(var: Path, needed: bool) -> Iterator[str]:
    """Move the former data away, the database first; and back where what follows fails."""
    if connection.vendor == "sqlite":
        databases.close_sqlite()
    if not needed:
        yield ""
        return
    place = var / f"replaced-{timezone.now():%Y%m%d-%H%M%S}"
    moves = [(var / name, place / name) for name in [contents.SECRET_KEY, *contents.folders()]]
    if connection.vendor == "sqlite":
        moves.insert(0, (databases.sqlite_path(), place / databases.SQLITE_FILE))
    schema = place.name.replace("-", "_")
    private_directory(place)
    done: list[tuple[Path, Path]] = []
    try:
        if connection.vendor == "postgresql":
            databases.set_aside_postgresql(schema)
            done.append((Path(), Path()))
        for source, target in moves:
            if source.exists():
                shutil.move(source, target)
                done.append((source, target))
        yield f"{place}" + (f" and the schema {schema}" if connection.vendor == "postgresql" else "")
    except BaseException:
        for source, target in reversed(done):
            if source == Path():
                databases.bring_back_postgresql(schema)
            else:
                shutil.move(target, source)
        shutil.rmtree(place, ignore_errors=True)
        raise


def _put_in_place(var: Path, staging: Path, held: Contents, interrupted: bool) -> None:
    """Move the files to their places, and the database last."""
    if connection.vendor == "postgresql":
        databases.prepare_postgresql(held.header["migrations"])
        with transaction.atomic():
            databases.load_postgresql(staging / DATABASE, held.more["tables"], held.more["sequences"])
            with _files_in_place(var, staging, interrupted):
                os.sync()
        return
    target = databases.sqlite_path()
    staged = staging / DATABASE / databases.SQLITE_FILE
    if os.stat(target.parent).st_dev != os.stat(staging).st_dev:
        beside = target.with_name(f".{target.name}.restoring")
        shutil.copyfile(staged, beside)
        beside.chmod(0o600)
        staged = beside
    with _files_in_place(var, staging, interrupted):
        os.sync()
        staged.replace(target)
    archive.sync_folder(target.parent)


@contextmanager
def _files_in_place(var: Path, staging: Path, interrupted: bool) -> Iterator[None]:
    """The files of the backup in their places; away again where what follows fails."""
    (staging / _BEGUN).touch()
    os.sync()
    source, former = staging / FILES, private_directory(staging / "former")
    done: list[str] = []
    try:
        for name in [contents.SECRET_KEY, *contents.folders()]:
            target = var / name
            if target.exists() and (name != contents.SECRET_KEY or (source / name).exists()):
                target.replace(former / name)  # empty, or of a restore that was killed
            if (source / name).exists():
                (source / name).replace(target)
                done.append(name)
        yield
    except BaseException:
        for name in done:
            (var / name).replace(source / name)
        for path in [] if interrupted else list(former.iterdir()):
            path.replace(var / path.name)
        raise


def _warnings(var: Path, held: Contents) -> Iterator[str]:
    header = held.header
    kept = var / contents.SECRET_KEY
    # A SECRET_KEY of the environment goes before the file, which settings has read before the restore.
    keys = [os.environ.get("SECRET_KEY") or (kept.read_text().strip() if kept.is_file() else "")]
    keys += settings.SECRET_KEY_FALLBACKS
    if header["secret_key"] not in {key_mark(key) for key in keys}:
        yield (
            "SECRET_KEY is not that of the backup. Set the one that was in use (or put it into "
            f"{kept}) before you start Mews: people can't use their authenticator apps without it, webhooks can't be "
            "signed, and the audit log reports a broken seal."
        )
    for outside in header["outside"]:
        yield f"Not in the backup: {outside}, on the machine that was backed up. Put it in place before you start Mews."
    for lost in held.more["missing"]:
        yield f"Missing when the backup was made: {lost}."
    if databases.unapplied():
        yield f"The data is of Mews {header['mews']}. Run `manage.py migrate` (`make run` does it by itself)."
