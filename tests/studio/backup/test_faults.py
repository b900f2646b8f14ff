"""What can go wrong with a backup or a restore: nothing is half done, and everybody is told what to do."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile

import pytest
from django.core.management import CommandError, call_command

from studio.accounts.models import User
from studio.backup import archive, restoring
from studio.backup.archive import BackupError, Contents
from studio.backup.restoring import restore
from studio.backup.services import back_up
from studio.environment import RUNNING, claim
from tests.guards import unguarded
from tests.people import cast

pytestmark = pytest.mark.django_db


def repacked(backup, target, change):
    """The backup with members that `change` made of its own: name → bytes, or a TarInfo."""
    with tarfile.open(backup) as old:
        members = {one.name: old.extractfile(one).read() for one in old}
    change(members)
    with tarfile.open(target, "w:gz") as new:
        for name, data in members.items():
            info = data if isinstance(data, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = 0 if info is data else len(data)
            new.addfile(info, None if info is data else io.BytesIO(data))
    return target


def header(**changes):
    def change(members):
        members["backup.json"] = json.dumps({**json.loads(members["backup.json"]), **changes}).encode()

    return change


def link(members):
    made = tarfile.TarInfo("files/lab/link")
    made.type, made.linkname = tarfile.SYMTYPE, "/etc/passwd"
    last = members.pop("manifest.json")
    members |= {"files/lab/link": made, "manifest.json": last}


def more(name):
    """A further file, listed in the manifest as it should be."""

    def change(members):
        last = json.loads(members.pop("manifest.json"))
        last["entries"][name] = [archive.hashlib.sha256(b"x").hexdigest(), 1]
        members |= {name: b"x", "manifest.json": json.dumps(last).encode()}

    return change


def without_manifest(members):
    del members["manifest.json"]


def other_bytes(members):
    members["files/secret_key"] = b"x" * len(members["files/secret_key"])


def other_rows(members):
    last = json.loads(members["manifest.json"])
    last["tables"]["accounts_user"] += 1
    members["manifest.json"] = json.dumps(last).encode()


BAD = [
    (header(format=2), "has format 2"),
    (header(migrations=["audit.9999_later"], mews="9.0"), r"Mews 9\.0, .* migration audit\.9999_later"),
    (header(database="postgresql"), "The backup is of PostgreSQL"),
    (link, "no regular file"),
    (more("files/../../evil"), "unsafe name"),
    (more("/etc/evil"), "unsafe name"),
    (more("files/cache/x"), "no place"),
    (without_manifest, "manifest is missing"),
    (other_bytes, "doesn't match its SHA-256"),
    (other_rows, "other rows than the manifest"),
    (lambda members: members.pop("backup.json"), "wrong place"),
]


def is_empty(place):
    return not place.files().keys() - {"secret_key"} and not [p for p in place.var.iterdir() if p.name == ".restoring"]


@pytest.mark.parametrize(("change", "says"), BAD)
def test_it_refuses_a_backup_that_does_not_fit_and_changes_nothing(sqlite_ground, backup, tmp_path, change, says):
    bad = repacked(backup, tmp_path / "bad.tar.gz", change)
    place = sqlite_ground.place("target", empty=True)
    with place.opened(), pytest.raises(BackupError, match=says):
        restore(bad)
    assert is_empty(place)


def test_it_refuses_a_backup_that_is_cut_off_or_damaged_anywhere(sqlite_ground, backup, tmp_path):
    data, bad = backup.read_bytes(), tmp_path / "bad.tar.gz"
    place = sqlite_ground.place("target", empty=True)
    step = len(data) // 12
    with place.opened():
        for cut in [0, 5, *range(step, len(data) - 1, step), len(data) - 1]:
            bad.write_bytes(data[:cut])
            with pytest.raises(BackupError, match=r"damaged|cut off"):
                restore(bad)
        for flip in range(step, len(data), step):
            bad.write_bytes(data[:flip] + bytes([data[flip] ^ 1]) + data[flip + 1 :])
            with pytest.raises(BackupError, match=r"damaged|cut off|Nothing was restored"):
                restore(bad)
        bad.write_bytes(gzip.compress(b"no tar"))
        with pytest.raises(BackupError, match="no backup"):
            restore(bad)
    assert is_empty(place)


def full(*args, **kwargs):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_no_half_backup_and_no_half_restore(sqlite_ground, backup, tmp_path, monkeypatch):
    monkeypatch.setattr(archive.Writer, "add", full)
    with pytest.raises(CommandError, match=r"No space left on device\. No backup was written"):
        call_command("backup", str(tmp_path / "second.tar.gz"))
    assert [path.name for path in tmp_path.iterdir() if "second" in path.name] == []
    assert not (tmp_path / "home" / ".backing-up").exists()
    place = sqlite_ground.place("target", empty=True)
    monkeypatch.setattr(archive, "_write", full)
    with place.opened(), pytest.raises(CommandError, match=r"No space left on device\. Nothing was restored"):
        call_command("restore", str(backup))
    assert is_empty(place)


@pytest.mark.parametrize("replace", [False, True])
def test_a_failure_at_the_last_moment_brings_the_former_data_back(sqlite_ground, backup, monkeypatch, replace):
    place = sqlite_ground.place("target", empty=not replace)
    if replace:
        with place.opened():
            cast()
            (place.var / "lab").mkdir()
            (place.var / "lab" / "mine.upload").write_bytes(b"mine")
    rows, files = place.rows(), place.files()
    calls = iter([lambda: None, full])
    monkeypatch.setattr(restoring.os, "sync", lambda: next(calls)())
    with place.opened(), pytest.raises(OSError, match="No space left"):
        restore(backup, replace=replace)
    assert place.rows() == rows
    assert place.files() == files
    assert not [path for path in place.var.iterdir() if path.name.startswith(("replaced-", ".restoring"))]


KILL = """
import os, sys, signal, django
django.setup()
from studio.backup import restoring
from pathlib import Path
calls, step = [0], int(sys.argv[2])
def kill(real):
    def wrapped(*args, **kwargs):
        calls[0] += 1
        if calls[0] == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return wrapped
Path.replace = kill(Path.replace)
restoring.os.sync = kill(os.sync)
restoring.restore(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("step", [1, 4, 8])
def test_a_killed_restore_leaves_a_target_that_can_be_restored_into(sqlite_ground, backup, home, step):
    place = sqlite_ground.place("target", empty=True)
    env = {**os.environ, "VAR_DIR": str(place.var), "DJANGO_SETTINGS_MODULE": "studio.settings", "LOG_LEVEL": "ERROR"}
    env.pop("DATABASE_URL", None)
    done = subprocess.run([sys.executable, "-c", KILL, str(backup), str(step)], env=env, check=False)
    assert done.returncode == -9
    with place.opened():
        assert not [table for table in place.rows() if table == "accounts_user"]
        restore(backup)
    assert place.rows() == home.rows()
    assert place.files() == home.files()


def test_it_refuses_where_data_is_and_sets_it_aside_on_request(sqlite_ground, backup, home):
    place = sqlite_ground.place("target")
    with place.opened():
        User.objects.create_user("mine@x.example", "Mine", "a perch above the river")
        with pytest.raises(BackupError, match=r"accounts or an audit log in the SQLite database.*--replace"):
            restore(backup)
        assert User.objects.get().name == "Mine"
    before = place.rows()
    with place.opened():
        done = restore(backup, replace=True)
        assert User.objects.filter(name="Ada Author").exists()
    assert place.files() == home.files()
    former = sqlite_ground.place("former", empty=True)
    shutil.copy(f"{done.set_aside}/mews.sqlite3", former.var)
    assert former.rows() == before


def test_it_refuses_files_without_a_database_and_a_running_mews(sqlite_ground, backup):
    place = sqlite_ground.place("target", empty=True)
    (place.var / "lab").mkdir()
    (place.var / "lab" / "x.upload").write_bytes(b"x")
    with place.opened(), pytest.raises(BackupError, match=r"files such as .*x\.upload"):
        restore(backup)
    other = sqlite_ground.place("other", empty=True)
    running = claim(other.var / "claims" / RUNNING, shared=True)
    with running, other.opened(), pytest.raises(BackupError, match="Mews is running"):
        restore(backup)


def test_a_backup_is_for_its_owner_and_never_written_over_by_chance(home, backup, tmp_path, capsys):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="exists"):
        call_command("backup", str(backup))
    call_command("backup", str(backup), "--force")
    assert "SHA-256" in capsys.readouterr().out
    with claim(home.var / "claims" / "backup"), pytest.raises(BackupError, match="Another backup"):
        back_up(tmp_path / "second.tar.gz")


def test_keys_can_be_left_out_and_a_restore_says_what_to_put_in_place(sqlite_ground, home, backup, tmp_path):
    made = back_up(tmp_path / "keyless.tar.gz", keys=False)
    assert len(made.outside) == 2
    assert made.missing == ()
    place = sqlite_ground.place("target", empty=True)
    with place.opened():
        done = restore(tmp_path / "keyless.tar.gz")
    assert not (place.var / "signing" / "key.pem").exists()
    assert list((place.var / "signing").glob("*.pub"))
    assert sum("Not in the backup" in one for one in done.warnings) == 2
    assert "SECRET_KEY is not that of the backup" in done.warnings[0]


def test_it_tells_what_was_lost_before_the_backup(home, backup, tmp_path, capsys):
    from studio.packs.models import Release
    from studio.packs.store import path_of

    [release] = Release.objects.all()
    path_of(release.files["README.md"]["sha256"]).unlink()
    assert back_up(tmp_path / "rebuilt.tar.gz").missing == ()
    for about in release.files.values():
        path_of(about["sha256"]).unlink(missing_ok=True)
    with unguarded("packs_release"):
        Release.objects.update(members=[])
    call_command("backup", str(tmp_path / "lossy.tar.gz"))
    assert "README.md of harbour 1.0.0" in capsys.readouterr().err


def test_a_database_of_another_version_is_not_backed_up(home, tmp_path, monkeypatch):
    monkeypatch.setattr("studio.backup.databases.unapplied", lambda: ["audit.9999_later"])
    with pytest.raises(BackupError, match="1 migrations are not applied"):
        back_up(tmp_path / "x.tar.gz")


def test_two_backups_do_not_write_one_file(tmp_path):
    with archive.written(tmp_path / "x", Contents({})):
        second = archive.written(tmp_path / "x", Contents({}))
        with pytest.raises(BackupError, match="Another process"):
            second.__enter__()
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
