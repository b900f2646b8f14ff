"""Triggers by which the database itself refuses to change or delete what the audit log vouches for.

Each app names its guards by a method `audit_guards` of its AppConfig. They are created after every `migrate`, because
SQLite drops the triggers of a table that a migration rebuilds; `manage.py verify_audit` reports any that is missing,
disabled or different.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

#: PostgreSQL's bits of a trigger: for each row, before; then the event.
_ROW_BEFORE = 1 | 2
_EVENT_BITS = {"delete": 8, "update": 16}


@dataclass(frozen=True, slots=True)
class Guard:
    """A trigger that refuses an `event` ("update" or "delete") on rows of `table`, with the message `says`.

    columns: only updates that name one of them are looked at. when: SQL over OLD and NEW, in which {differs} stands for
    the database's own way to compare values that may be NULL; empty for always.
    """

    name: str
    table: str
    event: str
    says: str
    columns: tuple[str, ...] = ()
    when: str = ""

    @property
    def header(self) -> str:
        """CREATE TRIGGER up to the table."""
        columns = f" OF {', '.join(self.columns)}" if self.columns else ""
        return f"CREATE TRIGGER {self.name} BEFORE {self.event.upper()}{columns} ON {self.table}"

    def sqlite(self) -> str:
        """The statement for SQLite."""
        when = f" WHEN {self.when.format(differs='IS NOT')}" if self.when else ""
        return f"{self.header}{when} BEGIN SELECT RAISE(ABORT, '{self.says}'); END"

    def body(self) -> str:
        """The body of the function for PostgreSQL."""
        refuse = f"RAISE EXCEPTION '{self.says}';"
        if self.when:
            refuse = f"IF {self.when.format(differs='IS DISTINCT FROM')} THEN {refuse} END IF;"
        return f" BEGIN {refuse} RETURN {'OLD' if self.event == 'delete' else 'NEW'}; END "

    def postgresql(self) -> str:
        """The statements for PostgreSQL: a function of the trigger's name, and the trigger."""
        function = f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $${self.body()}$$"
        return f"{function}; {self.header} FOR EACH ROW EXECUTE FUNCTION {self.name}()"


def kept(name: str, table: str, columns: tuple[str, ...], says: str, when: str = "") -> Guard:
    """A guard of columns that never change; with `when`, only of rows for which it holds."""
    changed = " OR ".join(f"OLD.{column} {{differs}} NEW.{column}" for column in columns)
    return Guard(name, table, "update", says, columns, f"({when}) AND ({changed})" if when else changed)


def guards() -> list[Guard]:
    """Those of all apps."""
    found = (config.audit_guards() for config in apps.get_app_configs() if hasattr(config, "audit_guards"))
    return [guard for some in found for guard in some]


def install(using: str = "default", **_: Any) -> None:
    """Create every guard that is missing or different. Called after `migrate`."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    wanted = [guard for guard in faulty(connection) if guard.table in tables]
    with connection.cursor() as cursor:
        for guard in wanted:
            cursor.execute(drop(guard, connection))
            cursor.execute(guard.postgresql() if connection.vendor == "postgresql" else guard.sqlite())


def drop(guard: Guard, connection: BaseDatabaseWrapper) -> str:
    """The statement that removes the trigger, where it is there."""
    on = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {guard.name}{on}"


def faulty(connection: BaseDatabaseWrapper) -> Iterator[Guard]:
    """Guards that the database lacks, or has otherwise than they should be."""
    present = _on_postgresql(connection) if connection.vendor == "postgresql" else _on_sqlite(connection)
    for guard in guards():
        wanted = _expected(guard) if connection.vendor == "postgresql" else (guard.table, _words(guard.sqlite()))
        if present.get(guard.name) != wanted:
            yield guard


def _on_sqlite(connection: BaseDatabaseWrapper) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {name: (table, _words(sql)) for name, table, sql in cursor.fetchall()}


def _words(sql: str) -> str:
    return " ".join(sql.split())


def _expected(guard: Guard) -> tuple[str, str, int, bool, frozenset[str]]:
    bits = _ROW_BEFORE | _EVENT_BITS[guard.event]
    return guard.table, guard.body(), bits, True, frozenset(guard.columns)


def _on_postgresql(connection: BaseDatabaseWrapper) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, p.prosrc, t.tgtype, t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL,"
            " ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY(t.tgattr))"
            " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE NOT t.tgisinternal AND n.nspname = ANY(current_schemas(false))"
        )
        return {name: (table, body, bits, on, frozenset(of)) for name, table, body, bits, on, of in cursor.fetchall()}


_ONLY_ADDED = "the journal is only ever added to"
_ARCHIVES_STAY = "archives of the journal are never changed"
_ENTRY, _ARCHIVE, _HEAD = "audit_journalentry", "audit_journalarchive", "audit_journalhead"

#: Those of the audit log itself.
OWN = (
    Guard("audit_journal_no_update", _ENTRY, "update", _ONLY_ADDED),
    Guard(
        "audit_journal_no_delete",
        _ENTRY,
        "delete",
        _ONLY_ADDED,
        when=f"NOT EXISTS (SELECT 1 FROM {_ARCHIVE} WHERE last_number >= OLD.number)",  # noqa: S608 - constants
    ),
    Guard("audit_archive_no_update", _ARCHIVE, "update", _ARCHIVES_STAY),
    Guard("audit_archive_no_delete", _ARCHIVE, "delete", _ARCHIVES_STAY),
    Guard("audit_head_no_delete", _HEAD, "delete", "the head of the journal is never deleted"),
    Guard(
        "audit_head_only_grows",
        _HEAD,
        "update",
        "the head of the journal only goes forward",
        when="NEW.number < OLD.number",
    ),
)
