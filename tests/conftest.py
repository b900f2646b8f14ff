"""Fixtures that every story may use, and the lanes that need something on the machine."""

from __future__ import annotations

import os
import shutil

import pytest

IN_CI = bool(os.environ.get("CI"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# Lane → whether this machine can run it, and what it lacks.
LANES = {
    "browser": (bool(CHROMIUM), "Chromium is not installed"),
    "registry": (bool(shutil.which("docker-registry")), "docker-registry is not installed"),
    "server": (
        bool(os.environ.get("POSTGRES_TEST_URL") and os.environ.get("REDIS_TEST_URL")),
        "POSTGRES_TEST_URL and REDIS_TEST_URL are not set (.ci/run starts both servers)",
    ),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With ONLY_TABLES set, only the tests that use the database: the others cannot tell one database from another."""
    if os.environ.get("ONLY_TABLES"):
        tables = {"db", "transactional_db", "live_server"}
        items[:] = [
            item
            for item in items
            if (tables & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"))
            and not item.get_closest_marker("any_database")
        ]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A lane that this machine cannot run is skipped at a desk, and fails in CI, where nothing may be missing."""
    for lane, (able, lack) in LANES.items():
        if item.get_closest_marker(lane) and not able:
            if IN_CI:
                pytest.fail(f"{lane} lane: {lack}", pytrace=False)
            pytest.skip(f"{lane} lane: {lack}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests with real transactions empty the tables at their end; the guards of the audit log step aside for that (on
    SQLite, where emptying is deleting)."""
    from django.db import connection

    from studio.audit.guards import drop, guards

    if connection.vendor != "sqlite":
        return
    operations = type(connection.ops)  # the class: every thread has a connection of its own
    flush = operations.sql_flush

    def flush_with_guards(self, *args, **kwargs):
        dropped = [drop(guard, connection) for guard in guards()]
        return [*dropped, *flush(self, *args, **kwargs), *(guard.sqlite() for guard in guards())]

    operations.sql_flush = flush_with_guards


@pytest.fixture
def people(db):
    """The cast: a team with one person for each role, and a stranger (tests/people.py)."""
    from tests.people import cast

    return cast()


@pytest.fixture
def signed_in(client, people):
    """A client signed in as Ada, the author."""
    client.force_login(people.ada)
    return client
