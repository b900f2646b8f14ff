"""A Mews of its own for scripts: the demo in a temporary directory, started as `make demo` starts it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 180.0


@dataclass(frozen=True)
class House:
    """Where it answers, and the link that signs in as the demo's author."""

    url: str
    enter: str


@contextmanager
def demo(var: Path | None = None) -> Iterator[House]:
    """Start it, wait until it is ready, stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="mews-demo-") as temporary:
        place = var or Path(temporary)
        log = Path(temporary) / "log"
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "studio.supervisor"],
                cwd=ROOT,
                env={**os.environ, "VAR_DIR": str(place), "DEMO": "1", "PORT": str(free_port())},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            enter = _said(process, log, r"http://\S+/enter/\S+")
            yield House(enter.split("/enter/")[0], enter)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _said(process: subprocess.Popen[bytes], log: Path, pattern: str) -> str:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        if found := re.search(pattern, log.read_text()):
            return found.group()
        time.sleep(0.05)
    raise SystemExit(f"Mews did not start:\n{log.read_text()[-3000:]}")


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
