"""Processes that a parent keeps alive: started apart from the terminal, again when they die, stopped in order."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY_AFTER = 60.0
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """In the child on Linux: get SIGTERM when the parent is gone, even if it was killed without warning."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process and the command that makes it. Times are seconds of the monotonic clock."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the parent, who stops it in order."""
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: PLW1509, S603
        self.started = time.monotonic()

    def look_after(self) -> str | None:
        """Start it again if it died and its pause is over. A sentence where something happened, else None."""
        now = time.monotonic()
        if self.process is None:
            if now < self.due:
                return None
            self.start()
            return f"{self.name} is started again"
        code = self.process.poll()
        if code is None:
            return None
        if now - self.started > STEADY_AFTER:
            self.pause = FIRST_PAUSE
        self.process, self.due = None, now + self.pause
        words = f"{self.name} stopped with code {code}; it is started again in {self.pause:.0f} s"
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        return words

    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Ask it to finish what it does and end."""
        if self.process and self.is_alive():
            self.process.terminate()

    def await_end(self, until: float) -> None:
        """Wait for its end until the moment given; then end it and whatever it started."""
        if not self.process:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
