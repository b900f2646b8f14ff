"""Mews in operation: settings from the environment, and the supervisor over its two children."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from studio.children import Child
from studio.environment import database, kept_secret, protected_directory
from studio.supervisor import port_is_free
from tests.studio.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


def environment(var: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "studio.settings", "PYTHONUNBUFFERED": "1", **more}


def manage(*arguments: str, var: Path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(var, **more), capture_output=True, text=True, check=False)


def test_it_is_fit_for_production(tmp_path):
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING", var=tmp_path, SECURE="1", ALLOWED_HOSTS="mews.example"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


def test_it_makes_its_own_secret_and_keeps_it_to_itself(tmp_path):
    place = tmp_path / "var" / "secret_key"
    secret = kept_secret(place)
    assert len(secret) > 60
    assert kept_secret(place) == secret
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_it_protects_what_it_keeps_from_other_users(tmp_path):
    """Directories and files of an earlier start are corrected, and new files are the owner's alone."""
    var = tmp_path / "var"
    (var / "signing").mkdir(parents=True)
    for name in ("secret_key", "mews.sqlite3", "signing/key.pem"):
        (var / name).write_text("x" * 64)
        (var / name).chmod(0o644)
    (var / "signing").chmod(0o755)
    var.chmod(0o755)
    written = "import pathlib; from django.conf import settings; pathlib.Path(settings.VAR_DIR, 'new').write_text('x')"
    done = manage("shell", "-v0", "-c", written, var=var, DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3")
    assert done.returncode == 0, done.stderr
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (var, *var.rglob("*"))}
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}
    assert {"new", "key.pem", "var"} <= set(modes)


@pytest.mark.parametrize("mode", [0o755, 0o1777])
def test_it_does_not_take_over_a_directory_that_others_use(tmp_path, mode):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "letter").touch()
    (tmp_path / "theirs").chmod(mode)
    done = subprocess.run(
        [sys.executable, "-m", "studio.supervisor"], cwd=ROOT, capture_output=True, text=True, check=False,
        env=environment(tmp_path / "theirs", PORT=str(free_port())),
    )  # fmt: skip
    assert done.returncode == 1
    assert "Mews cannot start. Other users can open" in done.stdout
    assert "chmod go-rwx" in done.stdout
    assert stat.S_IMODE((tmp_path / "theirs").stat().st_mode) == mode


def test_it_refuses_a_directory_of_another_user(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    with pytest.raises(ImproperlyConfigured, match=r"belongs to user .*, but Mews runs as user 4711"):
        protected_directory(tmp_path / "var")


@pytest.mark.parametrize(
    ("engine", "option"),
    [
        ("django.db.backends.sqlite3", ("OPTIONS", "transaction_mode")),
        ("django.db.backends.postgresql", ("CONN_HEALTH_CHECKS",)),
    ],
)
def test_it_completes_what_each_database_needs(engine, option):
    config = database({"ENGINE": engine})
    for name in option:
        config = config[name]
    assert config in ("IMMEDIATE", True)


PRAGMAS = """
from django.db import connection
import json
with connection.cursor() as cursor:
    answers = []
    for name in ("journal_mode", "foreign_keys", "busy_timeout"):
        cursor.execute("PRAGMA " + name)
        answers.append(cursor.fetchone()[0])
print(json.dumps(answers))
"""


def test_it_opens_sqlite_so_that_writers_wait_for_each_other(tmp_path):
    done = manage("shell", "-v0", "-c", PRAGMAS, var=tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3")
    assert json.loads(done.stdout.splitlines()[-1]) == ["wal", 1, 20000]


def test_it_starts_a_dead_child_again_after_a_pause(tmp_path):
    child = Child("The sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
    child.start()
    first = child.process.pid
    assert child.look_after() is None
    os.kill(first, signal.SIGKILL)
    child.process.wait()
    assert child.look_after() == "The sleeper stopped with code -9; it is started again in 1 s"
    assert child.look_after() is None
    child.due = 0
    assert child.look_after() == "The sleeper is started again"
    assert child.process.pid != first
    assert child.pause == 2
    child.ask_to_stop()
    child.await_end(time.monotonic() + 5)
    assert not child.is_alive()


def test_it_ends_a_child_that_does_not_listen():
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    child = Child("The deaf one", [sys.executable, "-c", deaf])
    child.start()
    time.sleep(0.5)
    child.ask_to_stop()
    child.await_end(time.monotonic() + 0.2)
    assert not child.is_alive()


class Running:
    """A Mews of its own under `python -m studio.supervisor`."""

    def __init__(self, var: Path, port: int) -> None:
        self.log, self.port = var / "log", port
        command = [sys.executable, "-m", "studio.supervisor"]
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment(var, PORT=str(port)), stdout=out, stderr=subprocess.STDOUT
            )

    def said(self, pattern: str, seconds: float = 120) -> re.Match[str]:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := re.search(pattern, self.log.read_text()):
                return found
            time.sleep(0.1)
        pytest.fail(f"{pattern!r} was not said:\n{self.log.read_text()[-4000:]}")

    def children(self) -> list[int]:
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listing.split()]


def fetch(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_serves_restarts_and_stops_as_one(tmp_path):
    from tests.studio.ports import free_port

    mews = Running(tmp_path, free_port())
    try:
        link = mews.said(r"http://\S+/setup/\S+/").group()
        assert fetch(f"http://127.0.0.1:{mews.port}/healthz")[0] == 200
        status, page = fetch(link)
        assert (status, "Set up Mews" in page) == (200, True)
        assert re.search(r'href="/static/dist/mews\.[0-9a-f]{12}\.css"', page)
        assert not port_is_free("127.0.0.1", mews.port)
        web = mews.children()[0]
        os.killpg(web, signal.SIGKILL)
        mews.said("The web server is started again")
        assert link.split("/setup/")[1] not in mews.log.read_text().replace(link, "")
    finally:
        children = mews.children()
        mews.process.send_signal(signal.SIGTERM)
        assert mews.process.wait(120) == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_it_says_when_its_port_is_taken(tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        mews = Running(tmp_path, port)
        assert mews.process.wait(120) == 1
    assert f"Port {port} on 127.0.0.1 is taken" in mews.log.read_text()
