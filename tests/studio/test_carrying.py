"""Work whose truth is a row: the broker may be away, messages may be lost, a team may ask for too much."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from kombu.exceptions import OperationalError

from studio import carrying, quotas
from studio.api import tokens
from studio.api.scopes import Scope
from studio.claims import claimed
from studio.lab import runs as lab
from studio.lab.models import LabRun
from studio.lab.tasks import try_upload
from studio.library.tasks import import_rules
from studio.notices import webhooks
from studio.notices.models import WebhookDelivery
from studio.packs import services as exports
from studio.packs.models import ExportRun
from studio.packs.tasks import deliver, make_export, make_preview, make_release
from studio.verdicts.tasks import ask_falco
from tests.studio.authoring.conftest import catalogue, desk, draft

__all__ = ["catalogue", "desk", "draft"]

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
TASKS = (make_export, make_preview, make_release, deliver, try_upload, ask_falco, import_rules)
UPLOAD = b'{"proc.name": "rm"}\n'


@pytest.fixture(autouse=True)
def marks():
    """No row is marked as sent before or after a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def broker(monkeypatch):
    """What the broker was given; while `away` is true it takes nothing."""

    class Broker:
        away = False
        sent: list[object] = []

        def take(self, *args: object, **more: object) -> None:
            if self.away:
                raise OperationalError("Error 111 connecting to localhost:6379. Connection refused.")
            self.sent.append(args[0])

    made = Broker()
    made.sent = []
    for task in TASKS:
        monkeypatch.setattr(task, "delay", made.take)
        monkeypatch.setattr(task, "apply_async", lambda args, **more: made.take(*args))
    return made


def test_a_request_answers_while_the_broker_is_away_and_the_row_is_sent_when_it_returns(
    people, draft, broker, django_capture_on_commit_callbacks
):
    broker.away = True
    with django_capture_on_commit_callbacks(execute=True):
        run = exports.start(people.team, people.ada, [draft], "overlay")
    assert run.state == ExportRun.State.WAITING
    assert carrying.sweep() == 0
    broker.away = False
    assert carrying.sweep() == 1
    assert broker.sent == [str(run.pk)]
    assert carrying.sweep() == 0  # it has only just been sent


def test_a_row_that_still_waits_is_sent_again_after_a_minute(people, draft, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run = exports.start(people.team, people.ada, [draft], "overlay")
    assert broker.sent == [str(run.pk)]
    assert carrying.sweep() == 0
    assert carrying.RESEND_AFTER <= 60
    cache.clear()  # a minute later
    assert carrying.sweep() == 1


def test_a_row_that_a_worker_has_at_hand_is_not_sent_again(people, draft, broker):
    run = exports.start(people.team, people.ada, [draft], "overlay")
    seen = []

    def work(row: ExportRun) -> None:
        seen.append(carrying.sweep())

    carrying.carry(ExportRun.objects.all(), str(run.pk), work, exports.fail, "")
    assert seen == [0]
    assert broker.sent == []


def test_the_sweep_knows_every_task_whose_truth_is_a_row():
    assert set(carrying._sweeps) == {task.name for task in TASKS}


def test_an_announcement_goes_on_while_the_broker_is_away(people, monkeypatch, django_capture_on_commit_callbacks):
    def away(*args: object, **more: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("studio.notices.tasks.deliver.delay", away)
    webhooks.create(people.ann, people.team, "Chat", "https://x.example/", "generic", ["rule.approved"])
    with django_capture_on_commit_callbacks(execute=True):
        webhooks.announce(people.team, "rule.approved", people.rui, "x")
    assert WebhookDelivery.objects.get().state == "waiting"


def test_the_cache_may_be_away_too(people, draft, broker, monkeypatch):
    def away(*args: object, **more: object) -> None:
        raise ConnectionError

    exports.start(people.team, people.ada, [draft], "overlay")
    monkeypatch.setattr(carrying.cache, "get", away)
    monkeypatch.setattr(carrying.cache, "set", away)
    assert carrying.sweep() == 1


def test_two_processes_do_not_try_the_same_file(people, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    run = lab.start(people.team, people.ada, "events", SimpleUploadedFile("x.jsonl", UPLOAD), [])
    with claimed(f"lab-{run.pk}"):
        assert lab.carry_out(run).state == "waiting"
    assert lab.carry_out(run).state == "done"


def test_a_team_may_ask_for_so_many_lab_runs_at_a_time(signed_in, people, settings, tmp_path, broker):
    settings.VAR_DIR, settings.QUOTAS = tmp_path, {**settings.QUOTAS, "lab": 2}

    def upload():
        return {"upload": SimpleUploadedFile("day.jsonl", UPLOAD), "text": "proc.name = rm"}

    assert [signed_in.post("/lab/runs/", upload()).status_code for _ in range(3)] == [302, 302, 429]
    refused = signed_in.post("/lab/runs/", upload())
    assert refused.headers["Retry-After"] == "60"
    assert "Your team has 2 lab runs waiting or running" in refused.content.decode()
    assert "cancel one" in refused.content.decode()
    _, secret = tokens.make(people.ada, people.team, "Nightly", [Scope.READ, Scope.WRITE], 30)
    said = signed_in.post("/api/v1/lab/runs", upload(), headers={"Authorization": f"Bearer {secret}"})
    assert (said.status_code, said.headers["Content-Type"]) == (429, "application/problem+json")
    assert "lab runs waiting" in said.json()["detail"]
    assert len(list((tmp_path / "lab").iterdir())) == LabRun.objects.count() == 2
    LabRun.objects.update(state="cancelled")
    assert signed_in.post("/lab/runs/", upload()).status_code == 302


def test_other_teams_and_other_work_have_quotas_of_their_own(people, draft, settings, broker):
    settings.QUOTAS = {**settings.QUOTAS, "exports": 1}
    exports.start(people.team, people.ada, [draft], "overlay")
    with pytest.raises(quotas.QuotaError, match="1 exports waiting"):
        exports.start(people.team, people.ada, [draft], "overlay")
    quotas.require_place(people.other_team, ExportRun.objects.filter(team=people.other_team), "exports", "exports")


def test_lab_runs_have_a_queue_of_their_own():
    route = try_upload.app.amqp.router.route
    assert route({}, try_upload.name)["queue"].name == "lab"
    assert {route({}, task.name)["queue"].name for task in (make_export, make_release, deliver)} == {"celery"}
    assert set(try_upload.app.amqp.queues.consume_from) == {"celery", "lab"}


SEND = """
import sys, time, django
django.setup()
from studio.packs.tasks import make_export
from studio.carrying import publish
begun = time.monotonic()
taken = publish(make_export, "x")
print(taken, time.monotonic() - begun)
"""


def sent(**more: str) -> tuple[bool, float]:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "studio.settings", **more}
    done = subprocess.run([sys.executable, "-c", SEND], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    taken, seconds = done.stdout.split()
    return taken == "True", float(seconds)


def test_sending_to_a_broker_that_is_away_takes_no_time(tmp_path):
    """Nothing listens on the port."""
    assert sent(VAR_DIR=str(tmp_path))[0]
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        taken, seconds = sent(VAR_DIR=str(tmp_path), CELERY_BROKER_URL=f"redis://127.0.0.1:{unused.getsockname()[1]}/0")
    assert not taken
    assert seconds < 3


@pytest.mark.server
def test_a_row_is_sent_within_a_minute_of_redis_return(tmp_path):
    """A worker with its clock, and a Redis of our own that stops, and starts again; the worker is never restarted."""
    port = free_port()
    env = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "studio.settings", "VAR_DIR": str(tmp_path),
        "CELERY_BROKER_URL": f"redis://127.0.0.1:{port}/0",
    }  # fmt: skip
    env.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True)
    redis = serve(port)
    celery = [sys.executable, "-m", "celery", "-A", "studio", "worker", "--beat", "-c", "1", "--without-mingle"]
    worker = subprocess.Popen(celery, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(12)
        stop(redis)
        made = subprocess.run(
            [sys.executable, "-c", ASK], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
        assert float(made.stdout.split()[-1]) < 3
        time.sleep(5)
        redis, begun = serve(port), time.monotonic()
        state = "waiting"
        while state == "waiting" and time.monotonic() - begun < 75:
            time.sleep(1)
            found = subprocess.run([sys.executable, "-c", STATE], cwd=ROOT, env=env, capture_output=True, text=True)
            state = found.stdout.strip()
        assert state in ("done", "refused", "failed")
        assert time.monotonic() - begun < 65
        assert worker.poll() is None
    finally:
        stop(worker)
        stop(redis)


ASK = """
import time, django
django.setup()
from studio.accounts import services
from studio.accounts.models import Membership, User
from studio.packs import services as exports
team = services.create_team("Harbour")
user = User.objects.create_user("a@x.example", "A", "long enough a password")
Membership.objects.create(user=user, team=team, role="author")
from studio.authoring import services as authoring
draft = authoring.create(team, user)
begun = time.monotonic()
exports.start(team, user, [draft], "overlay")
print(time.monotonic() - begun)
"""
STATE = """
import django
django.setup()
from studio.packs.models import ExportRun
print(ExportRun.objects.get().state)
"""


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def serve(port: int) -> subprocess.Popen[bytes]:
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"]
    redis = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    return redis


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(30)
