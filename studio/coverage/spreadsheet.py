"""The board as a workbook: techniques, tactics in numbers, gaps. No cell is taken for a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from studio.coverage.board import Board
from studio.coverage.counting import LEVELS
from studio.coverage.exports import HEAD, table

#: Colours of the levels: paper and ink.
_COLOURS = {
    "approved": ("#d3f0dd", "#14532d"),
    "in_review": ("#d6e8fb", "#1e3a5f"),
    "draft": ("#fdeccb", "#6b3d00"),
    "disabled": ("#e2e8f0", "#334155"),
    "possible": ("#eef1f4", "#334155"),
    "nothing": ("#ffffff", "#64748b"),
}


def workbook(board: Board, title: str) -> bytes:
    """The file. Equal boards give equal sheets: no clock in them."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "author": "Mews", "created": datetime(2000, 1, 1)})
    styles = {
        level: book.add_format({"bg_color": paper, "font_color": ink}) for level, (paper, ink) in _COLOURS.items()
    }
    bold = book.add_format({"bold": True, "bottom": 1})
    rows = table(board)
    titles = {about.title: str(level) for level, about in LEVELS.items()}
    sheet = _sheet(book, "Techniques", HEAD, rows, bold, (12, 38, 30, 12, 10, 10, 10, 10, 11, 60))
    for place, row in enumerate(rows, 1):
        sheet.write_string(place, 3, str(row[3]), styles[titles[str(row[3])]])
    tactics = [
        (one.tactic.name, one.covered, len(one.meant), one.covered / len(one.meant) if one.meant else 0)
        for one in board.columns
    ]
    sheet = _sheet(book, "Tactics", ("Tactic", "Covered", "Techniques", "Share"), tactics, bold, (28, 12, 12, 10))
    sheet.set_column(3, 3, 10, book.add_format({"num_format": "0 %"}))
    gaps = [
        (gap.cell.attack_id, gap.cell.name, ", ".join(gap.tactics), gap.groups, gap.cell.mark.behaviours, gap.plain)
        for gap in board.gaps
    ]
    head = ("Technique", "Name", "Tactics", "Groups", "Behaviours", "How it is used")
    _sheet(book, "Gaps", head, gaps, bold, (12, 38, 30, 10, 11, 80))
    book.close()
    return buffer.getvalue()


def _sheet(
    book: Any, name: str, head: Sequence[str], rows: Sequence[Sequence[object]], bold: Any, widths: Sequence[int]
) -> Any:
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, head, bold)
    for place, row in enumerate(rows, 1):
        sheet.write_row(place, 0, row)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(head) - 1)
    return sheet
