"""What the machine cannot do right now: reads go on, writes are refused with words, and nothing is half-written."""

from __future__ import annotations

import errno
import json
import sqlite3
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

from studio.api import tokens
from studio.api.scopes import Scope
from studio.authoring.models import Draft
from studio.failures import BUSY, FULL, failure_of
from studio.lab.models import LabRun
from tests.studio.test_permissions import FINE, TABLE, catalogue, desk, draft, scene

__all__ = ["catalogue", "desk", "draft", "scene"]

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
LOCKED = "database is locked"
DISK = "database or disk is full"


@contextmanager
def failing(words: str, kinds: tuple[str, ...] = WRITES):
    """Every statement of these kinds fails like this."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(kinds):
            raise OperationalError(words)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


def postgresql_error(state: str | None) -> Exception:
    psycopg = pytest.importorskip("psycopg")
    error = psycopg.OperationalError("x")
    if state:
        error.sqlstate = state
    return error


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (OperationalError(LOCKED), BUSY),
        (OperationalError("database table is locked"), BUSY),
        (OperationalError("deadlock detected"), BUSY),
        (OperationalError("canceling statement due to lock timeout"), BUSY),
        (caused(OperationalError("x"), sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT)), BUSY),
        (caused(OperationalError("x"), sqlite_error(sqlite3.SQLITE_FULL)), FULL),
        (caused(OperationalError("x"), sqlite_error(sqlite3.SQLITE_IOERR_WRITE)), FULL),
        (OperationalError(DISK), FULL),
        (OperationalError("attempt to write a readonly database"), FULL),
        (OSError(errno.ENOSPC, "No space left on device"), FULL),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), FULL),
        (OperationalError("no such table: x"), None),
        (caused(OperationalError("x"), sqlite_error(sqlite3.SQLITE_ERROR)), None),
        (InterfaceError("x"), None),
        (ProgrammingError("x"), None),
        (FileNotFoundError(errno.ENOENT, "x"), None),
        (ValueError("database is locked"), None),
        (None, None),
    ],
)
def test_it_knows_what_is_the_machine_s_fault(error, failure):
    assert failure_of(error) == failure


@pytest.mark.parametrize(
    ("state", "failure"),
    [
        ("55P03", BUSY),
        ("40P01", BUSY),
        ("57P01", BUSY),
        ("08006", BUSY),
        (None, BUSY),
        ("53100", FULL),
        ("42P01", None),
    ],
)
def test_it_knows_postgresql_s_states(state, failure):
    assert failure_of(caused(OperationalError("x"), postgresql_error(state))) == failure


@pytest.mark.django_db(transaction=True)
def test_every_page_can_be_read_while_nothing_can_be_written(scene):
    """Signed in before the disk was full: each page answers as it does otherwise."""
    client, wrong = Client(raise_request_exception=False), {}
    client.force_login(scene.people["ann"])
    for name, row in TABLE.items():
        if row.get is None or "logout" in name:
            continue
        address = scene.address(name)
        with failing(DISK):
            answer = client.get(address)
        if answer.status_code not in FINE | {403, 404, 410} | row.also:
            wrong[name] = answer.status_code
    assert wrong == {}


@pytest.mark.django_db(transaction=True)
def test_no_write_ends_in_an_error_page(scene):
    """Each form that writes says why it cannot, and has written nothing."""
    client, wrong, refused = Client(raise_request_exception=False), {}, 0
    for words, status in ((DISK, 507), (LOCKED, 503)):
        for name, row in TABLE.items():
            if row.post is None:
                continue
            client.force_login(scene.people["ann"])
            with failing(words):
                answer = client.post(scene.address(name), dict(row.data))
            refused += answer.status_code == status
            if answer.status_code >= 500 and answer.status_code != status:
                wrong[f"{words}: {name}"] = answer.status_code
            elif answer.status_code == 503 and not answer.headers["Retry-After"].isdigit():
                wrong[f"{words}: {name}"] = "no Retry-After"
    assert wrong == {}
    assert refused > 60


def test_a_busy_database_is_a_page_with_words_and_a_time(scene):
    client = Client(raise_request_exception=False)
    client.force_login(scene.people["ada"])
    before = Draft.objects.count()
    with failing(LOCKED, (*WRITES, "SELECT")):
        answer = client.get("/lab/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Nothing was saved. Wait a few seconds, then try again." in answer.content.decode()
    with failing(LOCKED):
        answer = client.post(scene.address("authoring:duplicate"), headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert answer.content.decode() == BUSY.reason
    assert Draft.objects.count() == before


@pytest.mark.parametrize(("words", "status"), [(LOCKED, 503), (DISK, 507)])
def test_programs_get_a_problem(people, words, status):
    _, secret = tokens.make(people.ada, people.team, "Nightly", [Scope.READ, Scope.WRITE], 30)
    client, bearer = Client(), {"Authorization": f"Bearer {secret}"}
    with failing(words):
        read = client.get("/api/v1/drafts", headers=bearer)
        wrote = client.post("/api/v1/drafts", "{}", content_type="application/json", headers=bearer)
    assert read.status_code == 200
    assert wrote.status_code == status
    assert wrote.headers["Content-Type"] == "application/problem+json"
    assert json.loads(wrote.content)["status"] == status
    assert ("Retry-After" in wrote.headers) is (status == 503)
    assert not Draft.objects.exists()


def test_a_session_that_cannot_be_saved_does_not_keep_a_page_back(signed_in, monkeypatch):
    def full(self: Any, must_create: bool = False) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    session = signed_in.session
    session["x"] = 1
    session.save()
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", full)
    monkeypatch.setattr(SessionBase, "modified", True, raising=False)
    assert signed_in.get("/drafts/").status_code == 200


def test_a_file_that_cannot_be_written_leaves_nothing_behind(signed_in, people, monkeypatch, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    upload = SimpleUploadedFile("events.jsonl", b'{"proc.name": "rm"}\n' * 9)

    def full(self: Any, *args: Any, **kwargs: Any) -> Any:
        yield b"{"
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadedfile.InMemoryUploadedFile.chunks", full)
    answer = signed_in.post("/lab/runs/", {"upload": upload, "text": "proc.name = rm"})
    assert answer.status_code == 507
    assert "its disk is full" in answer.content.decode()
    assert not LabRun.objects.exists()
    assert not list((tmp_path / "lab").iterdir())
