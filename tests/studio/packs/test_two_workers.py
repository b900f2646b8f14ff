"""Two workers on Redis make releases: each once, also when one of them is killed over it."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.server]


@pytest.fixture
def env(tmp_path):
    """A Mews of its own whose workers hear of work by Redis."""
    redis = os.environ["REDIS_TEST_URL"].rpartition("/")[0] + "/3"
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CACHE_URL")}
    own = {"VAR_DIR": str(tmp_path), "CELERY_BROKER_URL": redis, "DJANGO_SETTINGS_MODULE": "studio.settings"}
    return {**kept, **own, "LOG_LEVEL": "ERROR"}


@pytest.fixture
def worker(env):
    """Starts a worker; all that are left end with the test."""
    started = []

    def start(name: str) -> subprocess.Popen[bytes]:
        celery = [sys.executable, "-m", "celery", "-A", "studio", "worker", "--pool", "solo", "-n", f"{name}@here"]
        nowhere = subprocess.DEVNULL
        options = {"stdout": nowhere, "stderr": nowhere, "start_new_session": True}
        started.append(
            subprocess.Popen([*celery, "--without-gossip", "--without-mingle"], cwd=ROOT, env=env, **options)
        )
        return started[-1]

    yield start
    for one in started:
        if one.poll() is None:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()


def world(env, *arguments: str) -> str:
    command = [sys.executable, "scripts/pack_world.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


def test_two_workers_on_redis_release_each_version_once(env, worker, tmp_path):
    first = worker("one")
    worker("two")
    keys = world(env, "build", "100", "1.0.0", "1.1.0").split()
    os.killpg(first.pid, signal.SIGKILL)
    worker("three")
    told = [line.split() for line in world(env, "wait", *keys).splitlines()]
    assert [(state, done) for state, _, done in told] == [("done", "1")] * 2
    kept = [path for path in (tmp_path / "releases").rglob("*") if path.is_file() and path.name[0] != "."]
    assert kept
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.name for path in kept)
