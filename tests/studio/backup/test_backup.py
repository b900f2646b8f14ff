"""A backup that is made while people work, restored somewhere else: every row, file, page and download is the same."""

from __future__ import annotations

import stat
import threading
import uuid
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.audit import retention
from studio.audit.models import JournalEntry
from studio.authoring.models import Draft
from studio.authoring.services import create
from studio.backup.services import back_up
from studio.backup.verification import verify
from studio.lab import runs
from studio.lab.models import LabRun
from studio.packs import pack_services, services, signing
from studio.packs.models import ExportRun, Release
from tests.people import cast
from tests.studio.packs.test_releases import released, rule
from tests.studio.permission_table import TABLE
from tests.studio.test_permissions import catalogue, desk, draft, scene

__all__ = ["catalogue", "desk", "draft", "scene"]
pytestmark = pytest.mark.django_db


def write(stop, people, number, done):
    """A person who drafts, releases and exports until told to stop."""
    try:
        pack = pack_services.create(people.team, people.ada, name=f"pack{number}", title="Pack", description="")
        while not stop.is_set():
            made = rule(people, name=f"Rule {uuid.uuid4().hex}")
            pack_services.add(pack, people.ada, [made.pk])
            done.append(released(pack, people, f"{len(done) + 1}.{number}.0").pk)
            services.carry_out(services.start(people.team, people.ada, [made], "overlay"))
    finally:
        connections.close_all()


def audit_faults(archives):
    """What the audit log says against the rows: the rules of these tests are approved without an entry."""
    said = StringIO()
    with suppress(CommandError):
        call_command("verify_audit", "--archives", str(archives), stderr=said)
    return set(said.getvalue().splitlines())


def add_files(people):
    """An upload of a run that waits, one of a run that is over, and an archive of the audit log."""
    for name in ("waits.jsonl", "over.jsonl"):
        runs.start(people.team, people.ada, "events", SimpleUploadedFile(name, b'{"proc.name": "rm"}\n'), [])
    LabRun.objects.filter(name="over.jsonl").update(state="done")
    from django.conf import settings

    assert retention.archive(timezone.now() + timedelta(days=1), settings.VAR_DIR / "journal")


def test_it_backs_up_while_people_write_and_restores_every_row_and_file(ground, tmp_path):
    home = ground.place("home")
    stop, done = threading.Event(), ([], [])
    with home.opened():
        people = cast()
        signing.new_key()
        add_files(people)
        writers = [threading.Thread(target=write, args=(stop, people, n, done[n])) for n in (0, 1)]
        for writer in writers:
            writer.start()
        try:
            while not all(done):
                assert all(writer.is_alive() for writer in writers)
                stop.wait(0.05)
            before = Release.objects.count()
            made = back_up(tmp_path / "mews.tar.gz")
            after = Release.objects.count()
        finally:
            stop.set()
            for writer in writers:
                writer.join()
    assert made.missing == ()
    copy = ground.restored(tmp_path / "mews.tar.gz")
    known = audit_faults(Path(settings.VAR_DIR, "journal"))
    with copy.opened():
        assert before <= Release.objects.count() <= after
        report = verify()
        assert (report.problems, report.checked > 20) == ([], True)
        assert audit_faults(copy.var / "journal") <= known
        again = back_up(tmp_path / "again.tar.gz")
    second = ground.restored(tmp_path / "again.tar.gz", "second")
    assert again.rows == made.rows
    assert second.rows() == copy.rows()
    assert second.files() == copy.files()


def test_a_quiet_mews_comes_back_row_by_row_and_byte_by_byte(ground, tmp_path):
    home = ground.place("home")
    with home.opened():
        people = cast()
        signing.new_key()
        add_files(people)
        pack = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="")
        drafts = [rule(people), rule(people, name="Ünïcode\t\\N \u2028 rule")]
        pack_services.add(pack, people.ada, [drafts[0].pk])
        released(pack, people)
        services.carry_out(services.start(people.team, people.ada, drafts[:1], "overlay"))
        back_up(tmp_path / "mews.tar.gz")
    copy = ground.restored(tmp_path / "mews.tar.gz")
    assert copy.rows() == home.rows()
    assert copy.files() == home.files()
    assert {"lab", "journal", "releases", "exports", "signing", "secret_key"} == {
        name.split("/")[0] for name in copy.files()
    }
    for path in [copy.var, *copy.var.rglob("*")]:
        if path.is_file() or path == copy.var or path.parent.name in {"releases", "lab", "signing"}:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    with copy.opened():  # numbers go on, and the guards of the audit log are there
        assert create(people.team, people.ada).pk > max(draft.pk for draft in drafts)
        with pytest.raises(Exception, match="only ever added to"), connection.cursor() as cursor:
            cursor.execute("UPDATE audit_journalentry SET actor = 'Mallory'")
        newest = JournalEntry.objects.latest("number").number
        with pytest.raises(Exception, match="only ever added to"), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM audit_journalentry WHERE number = {newest}")


def answers(place, scene):
    """What each person gets on each page: the statuses, and the bytes of downloads."""
    with place.opened():
        found = {}
        for who in ("ann", "vic"):
            client = Client(raise_request_exception=False)
            client.force_login(scene.people[who])
            for name, row in TABLE.items():
                if row.get is not None:
                    found[who, name] = client.get(scene.address(name)).status_code
        client.force_login(scene.people["vic"])
        for release in Release.objects.filter(state="done"):
            for file in release.files:
                answer = client.post(f"{release.get_absolute_url()}download/", {"file": file})
                found[release.pk, file] = (answer.status_code, answer.content)
        for run in ExportRun.objects.filter(state="done"):
            answer = client.post(reverse("packs:download", args=[run.pk]))
            found[run.pk] = (answer.status_code, answer.content)
        return found


def test_every_page_and_download_answers_as_before(sqlite_ground, home, scene, people, tmp_path):
    signing.new_key()
    pack = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="")
    drafts = [rule(people)]
    pack_services.add(pack, people.ada, [drafts[0].pk])
    released(pack, people)
    services.carry_out(services.start(people.team, people.ada, drafts, "overlay"))
    back_up(tmp_path / "mews.tar.gz")
    copy = sqlite_ground.restored(tmp_path / "mews.tar.gz")
    before, after = answers(home, scene), answers(copy, scene)
    assert len(before) > 150
    assert after == before
    assert {said for said in after.values() if isinstance(said, int) and said >= 500} == set()
    assert {said[0] for said in after.values() if isinstance(said, tuple)} == {200}


def test_waiting_work_is_sent_again_after_a_restore(sqlite_ground, home, people, tmp_path, monkeypatch):
    """The broker is not in the backup; the rows are the truth."""
    monkeypatch.setattr(services, "_send", lambda run: None)
    run = services.start(people.team, people.ada, [rule(people)], "overlay")
    back_up(tmp_path / "mews.tar.gz")
    with sqlite_ground.restored(tmp_path / "mews.tar.gz").opened():
        [waiting] = services.stranded()
        assert waiting.pk == run.pk
        assert services.carry_out(waiting).state == "done"
        assert waiting.path.is_file()


def test_files_that_are_cleaned_up_during_a_backup_are_in_it(home, people, tmp_path, monkeypatch):
    from studio.backup import databases

    run = runs.start(people.team, people.ada, "events", SimpleUploadedFile("x.jsonl", b"{}\n"), [])
    take = databases.snapshot

    def snapshot(folder):
        taken = take(folder)
        run.path.unlink()
        return taken

    monkeypatch.setattr(databases, "snapshot", snapshot)
    assert back_up(tmp_path / "mews.tar.gz").missing == ()
    assert Draft.objects.count() == 0
