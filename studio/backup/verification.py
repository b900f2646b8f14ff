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
    """What was checked, what is wrong or was rebuilt, and the files that belong to nothing."""

    checked: int = 0
    size: int = 0
    problems: list[Problem] = field(default_factory=list)
    rebuilt: list[Problem] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)


def verify(rebuild: bool = False) -> Report:
    """Check every file; rebuild: make those again that can be."""
    var, report = Path(settings.VAR_DIR), Report()
    seen: set[str] = set()
    broken: list[StoredFile] = []
    for file in contents.named():
        if file.path in seen:
            continue
        seen.add(file.path)
        if not _check(var, file, report):
            broken.append(file)
    for file in broken:
        problem = Problem(file.path, file.owner, "damaged" if (var / file.path).is_file() else "missing")
        report.problems.append(problem)
    if rebuild:
        _rebuild(broken, report)
    report.orphans = [name for name in contents.walk(var) if name not in seen]
    return report


def _check(var: Path, file: StoredFile, report: Report) -> bool:
    path = var / file.path
    if file.optional and not path.is_file():
        return True
    report.checked += 1
    if not is_intact(path, file):
        return False
    report.size += path.stat().st_size
    return True


def _rebuild(broken: list[StoredFile], report: Report) -> None:
    """Move the problems that are solved now from one list to the other."""
    problems, report.problems = report.problems, []
    for file, problem in zip(broken, problems, strict=True):
        (report.rebuilt if file.rebuild() else report.problems).append(problem)
