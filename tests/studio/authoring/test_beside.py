"""Findings stand beside the rows that they speak of."""

from __future__ import annotations

import pytest

from rules_export.findings import Finding, Severity
from rules_export.language.parser import parse
from rules_export.spans import Position, Span
from studio.authoring.builder import beside, rows

TEXT = '  proc.name = é and (proc.args contains "-r" or not fd.name startswith x) and container'


def said(part):
    """Where a finding about this part of the text stands: the rows' and groups' ids."""
    stripped = TEXT.strip().encode()
    start = stripped.index(part.encode())
    span = Span(Position(start, 1, 1), Position(start + len(part.encode()), 1, 1))
    finding = Finding("X", Severity.WARNING, "Said.", place="condition", span=span)
    marks = beside.placed(tuple(rows.marks(parse(TEXT), lambda node: None)), [finding], TEXT)
    return [mark.id for mark in marks if mark.findings]


@pytest.mark.parametrize(
    ("part", "row"),
    [
        ("proc.name = é", "row-0"),
        ("é", "row-0"),
        ('contains "-r"', "row-1-0"),
        ("not fd.name startswith x", "row-1-1"),
        ('proc.args contains "-r" or not fd.name startswith x', "row-1"),
        ("container", "row-2"),
        ("é and (proc.args", "row-all"),
    ],
)
def test_a_finding_stands_at_the_smallest_part_that_holds_it(part, row):
    assert said(part) == [row]


def test_one_without_a_place_stands_at_no_row():
    marks = tuple(rows.marks(parse(TEXT), lambda node: None))
    assert beside.placed(marks, [Finding("X", Severity.ERROR, "Said.", place="condition")], TEXT) == marks


def test_the_row_is_described_by_what_is_said_of_it(desk):
    desk.post("condition", condition="evt.type = opne and proc.name = x")
    page = desk.client.get(f"{desk.url('condition')}?view=visual").content.decode()
    assert 'aria-describedby="said-row-0"' in page
    assert "Did you mean open?" in page.partition('id="said-row-0"')[2].partition("</ul>")[0]
    assert 'id="said-row-1"' not in page
