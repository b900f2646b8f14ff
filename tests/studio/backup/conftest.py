"""A Mews with one of everything, its backup, and an empty place to restore it into."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection

from studio.backup.restoring import restore
from studio.backup.services import back_up
from tests.studio.backup.places import Place, drop, migrated_tables, postgresql_place, sqlite_place


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def vendor(request):
    """Where the data is; the tests' own database is SQLite in both cases."""
    if connection.vendor != "sqlite":
        pytest.skip("These tests bring databases of their own.")
    return request.param


@dataclass
class Ground:
    """Places of one test."""

    folder: Path
    vendor: str
    tables: bytes
    names: list[str] = field(default_factory=list)

    def place(self, name: str, empty: bool = False) -> Place:
        if self.vendor == "sqlite":
            return sqlite_place(self.folder / name, b"" if empty else self.tables)
        self.names.append(f"mews_backup_{self.folder.name[-12:]}_{name}".lower())
        return postgresql_place(self.folder / name, self.names[-1], empty)

    def restored(self, backup: Path, name: str = "copy", **more) -> Place:
        """The backup in an empty place."""
        place = self.place(name, empty=True)
        with place.opened():
            restore(backup, **more)
        return place


@pytest.fixture
def ground(db, vendor, tmp_path, settings):
    settings.FALCO_BINARY = "/nowhere/falco"
    made = Ground(tmp_path, vendor, migrated_tables())
    yield made
    if made.names:
        drop(*made.names)


@pytest.fixture
def sqlite_ground(db, tmp_path, settings):
    """For what has nothing to do with the database."""
    if connection.vendor != "sqlite":
        pytest.skip("These tests bring databases of their own.")
    settings.FALCO_BINARY = "/nowhere/falco"
    return Ground(tmp_path, "sqlite", migrated_tables())


@pytest.fixture
def home(sqlite_ground):
    """An open Mews of its own, for the rest of the test."""
    place = sqlite_ground.place("home")
    with place.opened():
        yield place


@pytest.fixture
def backup(home, tmp_path, people):
    """A backup of a Mews with a released pack, an export and a signing key."""
    from studio.packs import pack_services, services, signing
    from tests.studio.packs.test_releases import released, rule

    signing.new_key()
    pack = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="Ours.")
    draft = rule(people)
    pack_services.add(pack, people.ada, [draft.pk])
    released(pack, people)
    services.carry_out(services.start(people.team, people.ada, [draft], "overlay"))
    path = tmp_path / "mews.tar.gz"
    back_up(path)
    return path
