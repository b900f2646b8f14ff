"""The other machinery that Mews may stand on: PostgreSQL for its tables, Redis between web server and worker."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.server]


def test_it_tells_all_its_stories_on_postgresql():
    command = [sys.executable, "-m", "pytest", "tests/studio", "-q", "-x", "-n", "2", "--dist", "worksteal"]
    lanes = ["-m", "not browser and not server", "--deselect", "tests/studio/test_operation.py"]
    env = {**os.environ, "DATABASE_URL": os.environ["POSTGRES_TEST_URL"], "ONLY_TABLES": "1"}
    done = subprocess.run([*command, *lanes], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


PING = """
import time
from studio.celery import app
until = time.time() + 60
answers = []
while not answers and time.time() < until:
    answers = app.control.ping(timeout=1)
print(sorted(name for answer in answers for name in answer))
"""


def test_it_reaches_its_worker_through_redis(tmp_path):
    env = {**os.environ, "CELERY_BROKER_URL": os.environ["REDIS_TEST_URL"], "VAR_DIR": str(tmp_path)}
    env["DJANGO_SETTINGS_MODULE"] = "studio.settings"
    celery = [sys.executable, "-m", "celery", "-A", "studio", "worker", "--pool", "solo", "-n", "story@here"]
    worker = subprocess.Popen(celery, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        asked = subprocess.run(
            [sys.executable, "-c", PING], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        assert "story@here" in asked.stdout, asked.stderr[-2000:]
    finally:
        worker.terminate()
        worker.wait(30)
