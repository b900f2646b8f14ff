"""The rules files of two releases, line by line: only what differs, with a few lines around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules_export.write.bundle import FILE_NAME
from studio.packs import recovery
from studio.packs.models import Release
from studio.review.lines import Line, diff

#: Lines of a file that a page compares, and lines around each difference.
MOST_LINES, AROUND = 2000, 3


def differing(old: Release, new: Release) -> list[list[Line]] | None:
    """Groups of lines that differ; none where the files are the same, None where one is too long for a page.

    Raises FileGoneError.
    """
    before, after = _text(old), _text(new)
    if max(before.count("\n"), after.count("\n")) > MOST_LINES:
        return None
    return list(_groups(diff(before, after))) if before != after else []


def _text(release: Release) -> str:
    return recovery.release_file(release, FILE_NAME).decode()


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    changed = [place for place, line in enumerate(lines) if line.kind != "same"]
    group: list[Line] = []
    end = -1
    for place in changed:
        begin = max(place - AROUND, 0)
        if group and begin > end:
            yield group
            group = []
        end_now = min(place + AROUND + 1, len(lines))
        group += lines[max(begin, end) : end_now]
        end = end_now
    if group:
        yield group
