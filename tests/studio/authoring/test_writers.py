"""Twenty writers at one moment lose no update, on PostgreSQL (the server lane) and on SQLite in a file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from studio.audit.models import JournalEntry
from studio.authoring import services
from tests.people import cast
from tests.studio.authoring.writers import WRITERS, race

ROOT = Path(__file__).resolve().parents[3]

pytestmark = [pytest.mark.django_db(transaction=True)]
EVERYBODY = {f"writer_{number}" for number in range(WRITERS)}


@pytest.fixture
def draft(transactional_db):
    people = cast()
    return services.create(people.team, people.ada, (), "Written by many")


def race_in_a_file(draft, folder):
    """The names of the writers, out of a copy of the database in a file: the SQLite of the tests lives in memory."""
    file = folder / "mews.sqlite3"
    with sqlite3.connect(file) as copy:
        connection.connection.backup(copy)
    copy.close()
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{file}", "VAR_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    env["DJANGO_SETTINGS_MODULE"] = "studio.settings"
    command = [sys.executable, "-m", "tests.studio.authoring.writers", str(draft.pk)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.split()


def test_twenty_writers_lose_nothing(draft, tmp_path):
    if connection.vendor == "sqlite":
        assert set(race_in_a_file(draft, tmp_path)) == EVERYBODY
        return
    assert set(race(draft.pk)) == EVERYBODY
    assert JournalEntry.objects.filter(verb="draft.edited").count() == WRITERS
