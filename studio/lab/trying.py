"""Try rules on a file of events, line by line, telling how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rules_export.ruleset.model import Rule
from studio.lab.events import MAX_LINE, BadLine, read_line
from studio.lab.tally import Tally

#: Bad lines that are told with their reason; of the others only how many.
MOST_BAD = 200
#: Seconds between two words about the progress, and seconds after which a run stops with what it has.
EVERY, LONGEST = 0.4, 240.0
_CHECK = 500


class CancelledError(Exception):
    """Somebody cancelled the run."""


@dataclass(slots=True)
class Progress:
    """How far a run is: bytes and lines read, events tried, events on which a rule fires, lines that are no events."""

    done: int = 0
    lines: int = 0
    events: int = 0
    fired: int = 0
    bad: list[BadLine] = field(default_factory=list)
    bad_count: int = 0
    complete: bool = True


#: Told now and then; raises CancelledError to stop.
Tell = Callable[[Progress], None]


def try_file(path: Path, rules: Sequence[Rule], tell: Tell) -> dict[str, Any]:
    """Every line of the file tried on the rules; the result as JSON. Raises CancelledError where `tell` does."""
    progress, tally = Progress(), Tally(rules)
    began = told = time.monotonic()
    with path.open("rb") as lines:
        while raw := lines.readline(4 * MAX_LINE + 1):
            progress.lines += 1
            progress.done += len(raw)
            if len(raw) > 4 * MAX_LINE:
                progress.done += _skip(lines)
            _try(progress, tally, raw)
            if progress.lines % _CHECK == 0 and (now := time.monotonic()) - told > EVERY:
                told = now
                tell(progress)
                if now - began > LONGEST:
                    progress.complete = False
                    break
    tell(progress)
    return {
        "lines": progress.lines,
        "events": progress.events,
        "fired": progress.fired,
        "complete": progress.complete,
        "bad": [[bad.number, bad.why] for bad in progress.bad],
        "bad_count": progress.bad_count,
        "rules": tally.result(),
        "seconds": round(time.monotonic() - began, 2),
    }


def _try(progress: Progress, tally: Tally, raw: bytes) -> None:
    try:
        line = raw.decode("utf-8-sig" if progress.lines == 1 else "utf-8")
    except UnicodeDecodeError:
        return _complain(progress, BadLine(progress.lines, "This is not UTF-8."))
    if not line.strip():
        return None
    found = read_line(progress.lines, line)
    if isinstance(found, BadLine):
        return _complain(progress, found)
    progress.events += 1
    if tally.feed(found.ready, found.name, progress.lines, found.fields):
        progress.fired += 1
    return None


def _complain(progress: Progress, bad: BadLine) -> None:
    progress.bad_count += 1
    if len(progress.bad) < MOST_BAD:
        progress.bad.append(bad)


def _skip(lines: Any) -> int:
    """Read to the end of an overlong line; how many bytes that were."""
    skipped = 0
    while more := lines.readline(1 << 20):
        skipped += len(more)
        if more.endswith(b"\n"):
            break
    return skipped
