"""The fourth step: the tables, what can be added with one click, and the condition as Falco builds it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rules_export.ruleset.model import Rule
from studio.authoring.content import ExceptionTable, takes_list
from studio.authoring.legitimate import suggested
from studio.authoring.pages.subject import Subject
from studio.authoring.vocabulary import field_names
from studio.lab.compiled import condition_text
from studio.lab.results import Sample

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
    """A table on the page. `silenced`: the sample events that the condition catches and this keeps silent."""

    index: int
    table: ExceptionTable
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, tuple[tuple[int, str], ...]], ...]
    silenced: tuple[Sample, ...]


def context(subject: Subject) -> dict[str, Any]:
    """tables, suggestions, comparisons, compiled, fields, own findings."""
    return {
        "tables": [_table(index, table, subject) for index, table in enumerate(subject.content.exceptions)],
        "suggestions": suggested(subject.content),
        "comparisons": COMPARISONS,
        "compiled": subject.exam.compiled,
        "tail": _tail(subject.exam.rule, subject.exam.compiled),
        "fields": field_names(),
        "own_findings": [item for item in subject.exam.findings if item.place == "exceptions"],
    }


def _tail(rule: Rule, compiled: str) -> list[str]:
    """The clauses that Falco puts behind the condition, one for each exception with rows."""
    if not compiled:
        return []
    alone = [replace(rule, exceptions=(one,), condition="") for one in rule.exceptions if one.values]
    return [condition_text(one).removeprefix("() and not ") for one in alone]


def _table(index: int, table: ExceptionTable, subject: Subject) -> Table:
    columns = tuple(
        Column(number, name, comp, takes_list(comp))
        for number, (name, comp) in enumerate(zip(table.fields, table.comps, strict=False))
    )
    rows = tuple((number, tuple(enumerate(row))) for number, row in enumerate(table.rows))
    silenced = [item.sample for item in subject.exam.lab.outcomes if table.name in item.silenced_by]
    return Table(index, table, columns, rows, tuple(silenced))
