"""Ask a real `falco` binary for its verdict on rules files: `falco -V`, JSON, in a child within bounds.

The binary is the one named by the setting FALCO_BINARY, else `falco` on PATH. Source of the report's shape: the Falco
project's documentation of `--validate` with `json_output`.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

SECONDS = 20
MEMORY_BYTES = 2 * 1024**3
LONGEST_REPORT_BYTES = 4 * 1024**2


@dataclass(frozen=True, slots=True)
class RulesFile:
    """One rules file to load: its base name and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """One error or warning of Falco's report."""

    severity: str
    code: str
    message: str
    item: str
    file: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `loads` is Falco's verdict, None where it gave none (then `trouble` says why)."""

    loads: bool | None
    complaints: tuple[Complaint, ...] = ()
    version: str = ""
    trouble: str = ""
    report: dict[str, Any] = field(default_factory=dict)


def binary() -> str | None:
    """The path of the Falco to ask, or None where this machine has none."""
    named = str(getattr(settings, "FALCO_BINARY", "") or "")
    return shutil.which(named or "falco")


def ask(files: Sequence[RulesFile]) -> Answer:
    """Load `files` in this order with the real Falco. Never raises: whatever goes wrong is told in `trouble`."""
    program = binary()
    if program is None:
        return Answer(None, trouble="No falco on this machine: put it on PATH or name it in FALCO_BINARY.")
    with tempfile.TemporaryDirectory(prefix="mews-falco-") as folder:
        command = [program, "-o", "json_output=true"]
        for index, one in enumerate(files):
            path = Path(folder, f"{index:02}-{_safe(one.name)}")
            path.write_text(one.text, encoding="utf-8", newline="")
            command += ["-V", str(path)]
        try:
            done = _run(command, folder)
        except subprocess.TimeoutExpired:
            return Answer(None, version=version(), trouble=f"falco gave no answer within {SECONDS} seconds.")
        except OSError as error:
            return Answer(None, trouble=f"falco could not be started: {error.strerror}.")
    return _read(done)


def version() -> str:
    """The first line of `falco --version`, or an empty text."""
    program = binary()
    if program is None:
        return ""
    try:
        done = _run([program, "--version"], tempfile.gettempdir())
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace").strip().partition("\n")[0][:200]


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)[-80:] or "rules.yaml"


def _run(command: list[str], folder: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - no shell; the program is the administrator's choice, the files our own
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
        env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
        preexec_fn=_bound,
    )


def _bound() -> None:
    """Runs in the child: processor time, memory and file size have an end."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LONGEST_REPORT_BYTES, LONGEST_REPORT_BYTES))


def _read(done: subprocess.CompletedProcess[bytes]) -> Answer:
    if len(done.stdout) > LONGEST_REPORT_BYTES:
        return Answer(None, version=version(), trouble="falco's report is longer than 4 MiB.")
    report = _report(done.stdout.decode("utf-8", "replace"))
    if report is None:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        last = said[-1][:500] if said else f"exit code {done.returncode}, nothing printed"
        return Answer(None, version=version(), trouble=f"falco gave no verdict: {last}")
    results = [result for result in report["falco_load_results"] if isinstance(result, dict)]
    return Answer(
        loads=bool(results) and all(result.get("successful") is True for result in results),
        complaints=tuple(complaint for result in results for complaint in _complaints(result)),
        version=version(),
        report=report,
    )


def _report(text: str) -> dict[str, Any] | None:
    for line in text.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict) and isinstance(value.get("falco_load_results"), list):
            return value
    return None


def _complaints(result: dict[str, Any]) -> list[Complaint]:
    found = []
    for severity, key in (("error", "errors"), ("warning", "warnings")):
        for entry in result.get(key) or []:
            locations = (entry.get("context") or {}).get("locations") or [{}]
            names = [
                place.get("item_name", "") for place in locations if place.get("item_type") in {"rule", "macro", "list"}
            ]
            name = re.sub(r"^\d\d-", "", Path(str(result.get("name", ""))).name)
            found.append(
                Complaint(
                    severity, str(entry.get("code", "")), str(entry.get("message", "")), names[0] if names else "", name
                )
            )
    return found
