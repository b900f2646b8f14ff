"""The fourth step: the tables, what can be added with one click, and the condition as Falco builds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.authoring.content import ExceptionTable, takes_list
from studio.authoring.legitimate import suggested
from studio.authoring.pages.subject import Subject
from studio.authoring.vocabulary import field_names

#: Comparisons offered for a column; the first ones are what exceptions usually need.
COMPARISONS = (
    "=", "in", "startswith", "endswith", "contains", "icontains", "pmatch", "glob", "regex", "!=", "intersects",
    "startswith anyof", "endswith anyof", "contains anyof",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table on the page."""

    number: int
    field: str
    comparison: str
    several: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table on the page. `silenced`: names of sample events that it silences, attacks apart from benign ones."""

    index: int
    table: ExceptionTable
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, tuple[tuple[int, str], ...]], ...]


def context(subject: Subject) -> dict[str, Any]:
    """tables, suggestions, comparisons, compiled, fields, own findings."""
    return {
        "tables": [_table(index, table) for index, table in enumerate(subject.content.exceptions)],
        "suggestions": suggested(subject.content),
        "comparisons": COMPARISONS,
        "compiled": subject.exam.compiled,
        "fields": field_names(),
        "own_findings": [item for item in subject.exam.findings if item.place == "exceptions"],
    }


def _table(index: int, table: ExceptionTable) -> Table:
    columns = tuple(
        Column(number, name, comp, takes_list(comp))
        for number, (name, comp) in enumerate(zip(table.fields, table.comps, strict=False))
    )
    rows = tuple((number, tuple(enumerate(row))) for number, row in enumerate(table.rows))
    return Table(index, table, columns, rows)
