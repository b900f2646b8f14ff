"""Children with limits: what they use, say and leave behind."""

from __future__ import annotations

import os
import signal
import time

import pytest

from studio import confined
from studio.confined import ChildError, LimitError, Limits

QUIET = Limits(256, 20)


def nothing(*_):
    """Progress that nobody looks at."""


def test_a_child_answers_and_reports_progress():
    told = []

    def job(progress):
        progress(1, 2, "Half")
        return {"pid": os.getpid()}

    answer = confined.run(job, QUIET, lambda *what: told.append(what))
    assert answer["pid"] != os.getpid()
    assert told == [(1, 2, "Half")]


def test_a_child_that_takes_too_much_memory_is_stopped_and_the_caller_lives():
    with pytest.raises(LimitError, match="memory"):
        confined.run(lambda _: len(bytearray(3 * 1024**3)), QUIET, nothing)


def test_a_child_that_takes_too_long_is_killed_at_once():
    began = time.monotonic()
    with pytest.raises(LimitError, match="time"):
        confined.run(lambda _: time.sleep(60), Limits(256, 0.3), nothing)
    assert time.monotonic() - began < 5


def test_a_child_that_is_killed_or_raises_is_told_apart():
    with pytest.raises(LimitError, match="signal 9"):
        confined.run(lambda _: os.kill(os.getpid(), signal.SIGKILL), QUIET, nothing)
    with pytest.raises(ChildError, match="ZeroDivisionError"):
        confined.run(lambda _: 1 / 0, QUIET, nothing)


def test_an_answer_beyond_the_limit_is_not_taken(monkeypatch):
    monkeypatch.setattr(confined, "MAX_ANSWER", 1000)
    with pytest.raises(LimitError, match="size"):
        confined.run(lambda _: "x" * 5_000_000, QUIET, nothing)
