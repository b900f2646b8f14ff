"""Imports for tests: a small file, and what the worker does."""

from __future__ import annotations

import sqlite3

import pytest
from django.db import connection

from studio.library import import_jobs, tasks
from studio.library.importing import Placing
from studio.library.models import RulesFile

RULE = """
- rule: {name}
  desc: Detects a tool.
  condition: evt.type = execve and proc.name = {tool}
  output: A tool was started (command=%proc.cmdline)
  priority: NOTICE
  tags: [T1490]
"""
FILE = (
    "- list: tools\n  items: [crane]\n- macro: tool\n  condition: (proc.name in (tools))\n"
    + RULE.format(name="Crane started", tool="crane")
    + RULE.format(name="Hoist started", tool="hoist")
    + "  source: syscall\n"
    + RULE.format(name="Typo", tool="x").replace("proc.name", "proc.nme")
)


def start(people, text=FILE, by=None, name="rules.yaml", where="team"):
    """An import that the worker has not seen."""
    return import_jobs.start(people.team, by or people.ada, name, [(name, text)], Placing(where))


def read(people, text=FILE, **more):
    """An import that the worker has read."""
    file = start(people, text, **more)
    return work(file)


def work(file):
    """The import after the worker's part."""
    tasks.import_rules(file.pk)
    return RulesFile.objects.select_related("team", "by", "imported_by").get(pk=file.pk)


def choices(file):
    """Item's key → its choice."""
    return dict(file.items.values_list("key", "choice"))


@pytest.fixture
def on_disk(people, tmp_path):
    """A database that another process can write in: SQLite's own in memory becomes a file for the test."""
    if connection.vendor != "sqlite":
        yield
        return
    inside, name, place = connection.connection, connection.settings_dict["NAME"], str(tmp_path / "test.sqlite3")
    with sqlite3.connect(place) as copy:
        inside.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, place
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = inside, name
