"""A Mews of its own, in a folder and a database of its own, that a test opens in place of the tests' database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from environs import Env

from studio.environment import database, kept_secret


@dataclass(frozen=True)
class Place:
    """var: its VAR_DIR. config: its database, as settings have it."""

    var: Path
    config: dict[str, Any]

    @contextmanager
    def opened(self) -> Iterator[Place]:
        """Everything that asks for the database or for VAR_DIR gets these, in every thread."""
        former = {name: getattr(settings, name) for name in ("VAR_DIR", "SECRET_KEY")}
        before, config = connections["default"], connections.databases["default"]
        kept = {name: config.get(name) for name in self.config}
        complete = {**config, **self.config}
        settings.VAR_DIR = self.var
        settings.SECRET_KEY = kept_secret(self.var / "secret_key")
        config.update(self.config)
        connections["default"] = connections.create_connection("default")
        assert connections["default"].settings_dict["NAME"] == complete["NAME"]
        try:
            yield self
        finally:
            connections["default"].close()
            connections["default"] = before
            config.update(kept)
            for name, value in former.items():
                setattr(settings, name, value)

    def rows(self) -> dict[str, list[Any]]:
        """Every row of every table, in order."""
        with self.opened(), connection.cursor() as cursor:
            found = {}
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(cursor.fetchall(), key=repr)
            return found

    def files(self) -> dict[str, bytes]:
        """Every file of the data."""
        folders = ("releases", "exports", "signing", "lab", "journal", "secret_key")
        paths = [path for name in folders for path in (self.var / name, *(self.var / name).rglob("*"))]
        return {str(path.relative_to(self.var)): path.read_bytes() for path in paths if path.is_file()}


def sqlite_place(folder: Path, tables: bytes = b"") -> Place:
    """In a file of its own, which holds `tables` at first."""
    folder.mkdir(0o700)
    config = database({"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}})
    place = Place(folder, {**config, "NAME": str(folder / "mews.sqlite3")})
    if tables:
        Path(place.config["NAME"]).write_bytes(tables)
    return place


def migrated_tables() -> bytes:
    """The tests' database, whose SQLite lives in memory."""
    connection.ensure_connection()
    return connection.connection.serialize()


def postgresql_place(folder: Path, name: str, empty: bool = False) -> Place:
    """In a database of its own on the server of the lane."""
    folder.mkdir(0o700)
    address = os.environ["POSTGRES_TEST_URL"]
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
    config = database(Env().dj_db_url("POSTGRES_TEST_URL"))
    place = Place(folder, {"OPTIONS": {}, **config, "NAME": name, "CONN_MAX_AGE": 0})
    if not empty:
        with place.opened():
            call_command("migrate", verbosity=0)
    return place


def drop(*names: str) -> None:
    """Remove the databases of `postgresql_place`."""
    with psycopg.connect(os.environ["POSTGRES_TEST_URL"], autocommit=True) as server:
        for name in names:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
