"""Let the real Falco read a capture with given rules: its alerts as JSON, in a child within bounds.

The capture is named by `engine.replay.capture_file`: Falco 0.38 took the option `-e` away. `rule_matching=all` has
every rule speak that fires, not only the first of the file. Falco reads its falco.yaml besides, so that plugins are
loaded as the administrator has them; what it may say there about outputs, JSON and recording is overruled. A Falco
that does not know a setting yet passes over it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.verdicts.falco import MEMORY_BYTES, binary, version

#: Seconds for one reading of a capture, bytes of what it may print, seconds between two words about the progress.
SECONDS, LONGEST, EVERY = 110, 128 * 1024**2, 0.3
_SETTINGS = {
    "json_output": "true",
    "json_include_output_property": "true",
    "json_include_output_fields_property": "true",
    "rule_matching": "all",
    "priority": "debug",
    "buffered_outputs": "false",
    "stdout_output.enabled": "true",
    "syslog_output.enabled": "false",
    "file_output.enabled": "false",
    "http_output.enabled": "false",
    "program_output.enabled": "false",
    "webserver.enabled": "false",
    "watch_config_files": "false",
    "capture.enabled": "false",
    "engine.kind": "replay",
}


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of it. complete: whether Falco came to the end of the capture. trouble: why there is nothing."""

    alerts: tuple[dict[str, Any], ...] = ()
    complete: bool = True
    trouble: str = ""
    version: str = ""


#: Told now and then with the bytes that Falco has printed; what it raises ends the reading.
Tell = Callable[[int], None]


def replay(capture: Path, rules: str, tell: Tell, most: int = 200_000) -> Replay:
    """Falco's alerts, `most` at the most. Never raises of itself: whatever goes wrong is told in `trouble`."""
    program = binary()
    if program is None:
        return Replay(trouble="No falco on this machine: put it on PATH or name it in FALCO_BINARY.")
    with tempfile.TemporaryDirectory(prefix="mews-replay-") as folder:
        path, printed, said = (Path(folder, name) for name in ("rules.yaml", "alerts", "said"))
        path.write_text(rules, encoding="utf-8")
        try:
            code, complete = _run(command(program, capture, path), printed, said, tell)
        except OSError as error:
            return Replay(trouble=f"falco could not be started: {error.strerror}.")
        alerts: list[dict[str, Any]] = []
        for alert in _alerts(printed):
            if len(alerts) == most:
                complete = False
                break
            alerts.append(alert)
        trouble = "" if alerts or code == 0 or not complete else f"falco gave up: {_last(said, code)}"
    return Replay(tuple(alerts), complete, trouble, version())


def command(program: str, capture: Path, rules: Path) -> list[str]:
    """What is run, for Falco 0.38 to 0.45."""
    options = {**_SETTINGS, "engine.replay.capture_file": str(capture)}
    return [program, *(part for key, value in options.items() for part in ("-o", f"{key}={value}")), "-r", str(rules)]


def _run(command: list[str], printed: Path, said: Path, tell: Tell) -> tuple[int, bool]:
    """The exit code, and whether it ended by itself and printed no more than it may."""
    with printed.open("wb") as out, said.open("wb") as err:
        process = subprocess.Popen(  # noqa: S603 - no shell; the program is the administrator's choice
            command,
            cwd=printed.parent,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
            preexec_fn=_bound,  # noqa: PLW1509
            start_new_session=True,
        )
        try:
            return _watched(process, printed, tell)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _watched(process: subprocess.Popen[bytes], printed: Path, tell: Tell) -> tuple[int, bool]:
    until = time.monotonic() + SECONDS
    while process.poll() is None:
        if time.monotonic() > until:
            return 0, False
        time.sleep(min(EVERY, 0.05))
        tell(printed.stat().st_size)
    code = int(process.returncode)
    return (0, False) if code == -signal.SIGXFSZ else (code, True)


def _bound() -> None:
    """Runs in the child: processor time, memory and file size have an end."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LONGEST, LONGEST))


def _alerts(printed: Path) -> Iterator[dict[str, Any]]:
    with printed.open("rb") as lines:
        for line in lines:
            try:
                alert = json.loads(line)
            except ValueError:
                continue
            if isinstance(alert, dict) and isinstance(alert.get("output_fields"), dict) and "rule" in alert:
                yield alert


def _last(said: Path, code: int) -> str:
    lines = said.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1][:500] if lines else f"exit code {code}, nothing printed"
