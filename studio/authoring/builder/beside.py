"""Findings beside the rows that they speak of: by where they stand in the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rules_export.findings import Finding
from studio.authoring.builder.rows import Mark


def placed(marks: Sequence[Mark], findings: Iterable[Finding], text: str) -> tuple[Mark, ...]:
    """The marks, each row and group with the findings about it. One that covers several rows stands at the smallest
    group that holds them; one without a place stands nowhere here. `text`: the condition as typed, whose blank
    beginning the findings do not count."""
    lead = len(text[: len(text) - len(text.lstrip())].encode("utf-8", "surrogateescape"))
    extents = _extents(marks)
    said: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.span:
            start, end = finding.span.start.offset + lead, finding.span.end.offset + lead
            holding = [number for number, (first, last) in extents if first <= start and end <= last]
            if holding:
                said.setdefault(holding[-1], []).append(finding)
    return tuple(replace(mark, findings=tuple(said.get(number, ()))) for number, mark in enumerate(marks))


def _extents(marks: Sequence[Mark]) -> list[tuple[int, tuple[int, int]]]:
    """Each row and group by its number among the marks, with the bytes that it reaches over; inner ones come later."""
    rows = [number for number, mark in enumerate(marks) if mark.what == "row"]
    begins = [marks[number].at for number in rows]
    reaches = zip(begins, [*begins[1:], 2**62], strict=False)  # the last one reaches to the end
    found = dict(zip(rows, reaches, strict=False))
    opened: list[int] = []
    last = 0
    for number, mark in enumerate(marks):
        if mark.what == "open":
            opened.append(number)
        elif mark.what == "row":
            last = found[number][1]
        elif opened:
            first = opened.pop()
            found[first] = (marks[first].at, last)
    return sorted(found.items())
