"""Run a function in a child process that may use only so much memory and time.

The child is a fork, so it starts in milliseconds and sees the caller's modules as they are. It has database connections
of its own, answers in JSON through a pipe, and ends with its parent.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from django.db import connections

#: progress(done, total, stage)
Progress = Callable[[int, int, str], None]
Work = Callable[[Progress], Any]

MIB = 1024 * 1024
#: Bytes that a child may answer.
MAX_ANSWER = 128 * MIB
#: Seconds between two reports of progress.
MIN_PAUSE = 0.25

_OUT_OF_MEMORY = 77
_PR_SET_PDEATHSIG = 1
_inherited: list[Any] = []


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: memory beyond what its parent has mapped, and seconds on the clock."""

    mebibytes: int
    seconds: float


class LimitError(Exception):
    """The child was stopped; `limit` is memory, time, size (of its answer) or signal."""

    def __init__(self, limit: str, signal_number: int = 0) -> None:
        super().__init__(f"stopped by signal {signal_number}" if limit == "signal" else f"beyond the limit of {limit}")
        self.limit, self.signal_number = limit, signal_number


class ChildError(Exception):
    """The function raised something; the message is the child's traceback."""


def run(work: Work, limits: Limits, progress: Progress) -> Any:
    """What `work` returns, as JSON gives it back. Raises LimitError and ChildError."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _work(work, limits, writing)
    os.close(writing)
    over = False
    try:
        answer = _listen(reading, time.monotonic() + limits.seconds, progress)
        over = answer is not None
    finally:
        os.close(reading)
        if not over:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    return _result(answer, status)


def _listen(pipe: int, until: float, progress: Progress) -> dict[str, Any] | None:
    """The child's answer, a JSON object a line; None where it ended without one. Raises LimitError."""
    held = bytearray()
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            raise LimitError("time")
        data = os.read(pipe, MIB)
        if not data:
            return None
        start = len(held)
        held += data
        if len(held) > MAX_ANSWER:
            raise LimitError("size")
        if b"\n" not in data:
            continue
        end = held.rindex(b"\n", start)
        for line in bytes(held[:end]).split(b"\n"):
            said = json.loads(line)
            if "progress" not in said:
                return dict(said)
            progress(*said["progress"])
        del held[: end + 1]


def _result(answer: dict[str, Any] | None, status: int) -> Any:
    code = os.waitstatus_to_exitcode(status)
    if answer is None:
        if code == _OUT_OF_MEMORY:
            raise LimitError("memory")
        raise LimitError("signal", -code) if code < 0 else ChildError(f"The child ended with code {code}.")
    if answer.get("memory"):
        raise LimitError("memory")
    if "error" in answer:
        raise ChildError(answer["error"])
    return answer["result"]


def _work(work: Work, limits: Limits, pipe: int) -> NoReturn:
    """The life of the child. It leaves by os._exit alone, so that nothing of the parent is cleaned up twice."""
    code = 1
    try:
        _set_up(limits)
        last = 0.0

        def progress(done: int, total: int, stage: str) -> None:
            nonlocal last
            if time.monotonic() - last >= MIN_PAUSE:
                last = time.monotonic()
                _say(pipe, {"progress": [done, total, stage]})

        _say(pipe, {"result": work(progress)})
        code = 0
    except MemoryError:
        code = _OUT_OF_MEMORY
    except BaseException:
        with suppress(BaseException):
            _say(pipe, {"error": traceback.format_exc()[-20_000:]})
    finally:
        os._exit(code)


def _say(pipe: int, said: dict[str, Any]) -> None:
    data = memoryview(json.dumps(said).encode() + b"\n")
    while data:
        data = data[os.write(pipe, data) :]


def _set_up(limits: Limits) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    for each in connections.all(initialized_only=True):
        # Closing would end the parent's session on the server; the next query opens a connection of the child's own.
        _inherited.append(each.connection)
        each.connection = None
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS knows no limit of address space
        most = _mapped() + limits.mebibytes * MIB
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _mapped() -> int:
    """Bytes of address space that this process has."""
    pages = Path("/proc/self/statm").read_text().split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
