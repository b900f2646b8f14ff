"""Whether every file that a row names is there, intact; and which files no row names."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from studio.backup import contents
from studio.backup.services import is_intact
from studio.stored import StoredFile


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that isn't as its row says. kind: missing or damaged."""

    path: str
    owner: str
    kind: str


@dataclass(slots=True)
class Report:
    """What was looked at. optional_gone: uploads that are no longer kept, which is as it should be."""

    checked: int = 0
    size: int = 0
    problems: list[Problem] = field(default_factory=list)
    rebuilt: list[Problem] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)


def verify(rebuild: bool = False) -> Report:
    """Check every file; rebuild: make those again that can be."""
    var, report = Path(settings.VAR_DIR), Report()
    seen: set[str] = set()
    for file in contents.named():
        if file.path in seen:
            continue
        seen.add(file.path)
        _check(var, file, rebuild, report)
    report.orphans = [name for name in contents.walk(var) if name not in seen]
    return report


def _check(var: Path, file: StoredFile, rebuild: bool, report: Report) -> None:
    path = var / file.path
    there = path.is_file()
    if file.optional and not there:
        return
    report.checked += 1
    if is_intact(path, file):
        report.size += path.stat().st_size
        return
    problem = Problem(file.path, file.owner, "damaged" if there else "missing")
    if rebuild and file.rebuild():
        report.rebuilt.append(problem)
    else:
        report.problems.append(problem)
