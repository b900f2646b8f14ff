"""A consistent snapshot of the database while others write, and its way into an empty database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from studio.audit import guards
from studio.backup.archive import BackupError

SQLITE_FILE = "mews.sqlite3"
_ALIAS = "snapshot"
_CHUNK = 1024 * 1024
#: Rows of these say that somebody works here.
_SIGNS_OF_LIFE = (("accounts", "User"), ("audit", "JournalEntry"))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """using: the alias under which Django reads it, as long as it is open. files: what goes into the backup, by name.
    sequences: the last number of each "table.column", and whether it was given."""

    using: str
    tables: dict[str, int]
    files: dict[str, Path]
    sequences: dict[str, tuple[int, bool]] = field(default_factory=dict)


def migrations() -> list[str]:
    """The migrations that this database has seen, as "app.name"."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def unapplied() -> list[str]:
    """The migrations that this version of Mews would apply first."""
    executor = MigrationExecutor(connection)
    return [f"{one.app_label}.{one.name}" for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def unknown(recorded: list[str]) -> list[str]:
    """Those of the recorded migrations that this version of Mews doesn't have."""
    disk = MigrationExecutor(connection).loader.disk_migrations
    return sorted(set(recorded) - {f"{app}.{name}" for app, name in disk})


def is_empty() -> bool:
    """Whether nobody has an account here, and nothing was written to the audit log."""
    tables = set(connection.introspection.table_names())
    for app, name in _SIGNS_OF_LIFE:
        model = apps.get_model(app, name)
        if model._meta.db_table in tables and model._base_manager.exists():
            return False
    return True


@contextmanager
def snapshot(folder: Path) -> Iterator[Snapshot]:
    """The database as it is at one moment; `folder` takes the files."""
    take = _sqlite if connection.vendor == "sqlite" else _postgresql
    with take(folder) as taken:
        yield taken


@contextmanager
def _sqlite(folder: Path) -> Iterator[Snapshot]:
    path = folder / SQLITE_FILE
    connection.ensure_connection()
    copy = sqlite3.connect(path)
    try:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        tables = check_sqlite(copy)
    finally:
        copy.close()
    path.chmod(0o600)
    reader = connection.copy(_ALIAS)
    reader.settings_dict |= {"NAME": str(path), "OPTIONS": {}}
    connections[_ALIAS] = reader
    try:
        yield Snapshot(_ALIAS, tables, {SQLITE_FILE: path})
    finally:
        reader.close()
        del connections[_ALIAS]


def check_sqlite(database: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has. Raises BackupError where the file is damaged."""
    try:
        [(verdict,)] = database.execute("PRAGMA integrity_check(1)").fetchall()
        if verdict != "ok":
            raise BackupError(f"The SQLite database is damaged: {verdict}.")
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        tables = sorted(name for (name,) in names.fetchall())
        return {name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
    except sqlite3.DatabaseError as error:
        raise BackupError(f"The SQLite database is damaged: {error}.") from error


@contextmanager
def _postgresql(folder: Path) -> Iterator[Snapshot]:
    """One transaction that sees one moment, table by table in PostgreSQL's own text format."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        tables, files, columns = {}, {}, {}
        for table in _tables(cursor):
            columns[table] = _columns(cursor, table)
            names = ", ".join(map(_quoted, columns[table]))
            path = folder / f"{table}.copy"
            with path.open("wb") as file, cursor.copy(f"COPY {_quoted(table)} ({names}) TO STDOUT") as rows:
                file.write(f"{names}\n".encode())
                for data in rows:
                    file.write(data)
            tables[table], files[path.name] = _count(cursor, table), path
        yield Snapshot("default", tables, files, _sequences(cursor, tables))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM {_quoted(table)}")  # noqa: S608 - a name of ours, quoted
    return int(cursor.fetchone()[0])


def _tables(cursor: Any) -> list[str]:
    ours = {
        *connection.introspection.django_table_names(include_views=False),
        MigrationRecorder.Migration._meta.db_table,
    }
    return sorted(ours & set(connection.introspection.table_names(cursor)))


def _columns(cursor: Any, table: str) -> list[str]:
    """The columns that hold data of their own, in order."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s "
        "AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _sequences(cursor: Any, tables: Mapping[str, int]) -> dict[str, tuple[int, bool]]:
    found = {}
    for table in tables:
        for sequence in connection.introspection.get_sequences(cursor, table):
            cursor.execute(f"SELECT last_value, is_called FROM {_quoted(sequence['name'])}")  # noqa: S608
            found[f"{table}.{sequence['column']}"] = tuple(cursor.fetchone())
    return found


def prepare_postgresql(recorded: list[str]) -> None:
    """Make the tables as they were when the backup was made, in a database without data of anybody."""
    with transaction.atomic(), connection.cursor() as cursor:
        _lock_briefly(cursor)
        for table in _tables(cursor):
            cursor.execute(f"DROP TABLE {_quoted(table)} CASCADE")
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, _, name in (one.partition(".") for one in recorded)}
    graph = executor.loader.graph
    targets = [node for node in sorted(wanted & set(graph.nodes)) if not _has_later(graph, node, wanted)]
    executor.migrate(targets)
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):  # else `manage.py migrate` does it
        guards.install(connection.alias)


def _has_later(graph: Any, node: tuple[str, str], wanted: set[tuple[str, str]]) -> bool:
    return any(child.key in wanted and child.key[0] == node[0] for child in graph.node_map[node].children)


def load_postgresql(folder: Path, tables: Mapping[str, int], sequences: Mapping[str, Any]) -> None:
    """Fill the tables. Call it in a transaction: whatever fails leaves them as they were.

    The triggers that keep the audit log from being changed step aside meanwhile, and are back at the end.
    """
    with connection.cursor() as cursor:
        present = _tables(cursor)
        if lacking := sorted(set(tables) - set(present)):
            raise BackupError(f"The backup has a table {lacking[0]} that this version of Mews doesn't know.")
        _lock_briefly(cursor)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in present:
            cursor.execute(f"ALTER TABLE {_quoted(table)} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(map(_quoted, present))}")
        for table, rows in tables.items():
            _fill(cursor, table, folder / f"{table}.copy", rows)
        for place, (value, given) in sequences.items():
            table, _, column = place.rpartition(".")
            words = "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)"
            cursor.execute(words, [_quoted(table), column, value, given])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys are checked here
        for table in present:
            cursor.execute(f"ALTER TABLE {_quoted(table)} ENABLE TRIGGER USER")


def _fill(cursor: Any, table: str, path: Path, rows: int) -> None:
    with path.open("rb") as file:
        names = file.readline().decode().strip()
        with cursor.copy(f"COPY {_quoted(table)} ({names}) FROM STDIN") as target:
            while data := file.read(_CHUNK):
                target.write(data)
    if (count := _count(cursor, table)) != rows:
        raise BackupError(f"The table {table} has {count} rows instead of {rows}. Nothing was restored.")


def set_aside_postgresql(schema: str) -> None:
    """Move the tables into a schema of their own, all or none."""
    with transaction.atomic(), connection.cursor() as cursor:
        _lock_briefly(cursor)
        cursor.execute(f"CREATE SCHEMA {_quoted(schema)}")
        for table in _tables(cursor):
            cursor.execute(f"ALTER TABLE {_quoted(table)} SET SCHEMA {_quoted(schema)}")


def bring_back_postgresql(schema: str) -> None:
    """Undo `set_aside_postgresql`."""
    with transaction.atomic(), connection.cursor() as cursor:
        _lock_briefly(cursor)
        for table in _tables(cursor):
            cursor.execute(f"DROP TABLE {_quoted(table)} CASCADE")
        cursor.execute("SELECT current_schema()")
        [home] = cursor.fetchone()
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {_quoted(schema)}.{_quoted(table)} SET SCHEMA {_quoted(home)}")
        cursor.execute(f"DROP SCHEMA {_quoted(schema)}")


def _lock_briefly(cursor: Any) -> None:
    """Don't wait for somebody who has the tables open."""
    cursor.execute("SET LOCAL lock_timeout = '10s'")


def sqlite_path() -> Path:
    """Where the database lies. Raises BackupError where it lies in no file."""
    name = str(settings.DATABASES["default"]["NAME"])
    if ":memory:" in name or "mode=memory" in name:
        raise BackupError("The database is in memory; there is nothing to restore into.")
    return Path(name)


def close_sqlite() -> None:
    """Write everything into the one file, so that it can be moved. Raises BackupError where others have it open."""
    connections.close_all()
    path = sqlite_path()
    if not path.exists():
        return
    database = sqlite3.connect(path, timeout=5)
    try:
        [(mode,)] = database.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.OperationalError as error:
        raise BackupError(f"The database is in use ({error}). Stop Mews, then restore again.") from error
    except sqlite3.DatabaseError:
        mode = "delete"  # a damaged file is moved as it is
    finally:
        database.close()
    if mode != "delete":
        raise BackupError("The database is in use. Stop Mews, then restore again.")


def describe_failure(error: DatabaseError) -> str:
    """A sentence about what PostgreSQL refused."""
    return f"The database refused: {str(error).strip().splitlines()[0]}. Nothing was restored."
