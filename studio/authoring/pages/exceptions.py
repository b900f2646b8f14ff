"""The fourth step: the tables, what can be added with one click, and the condition as Falco builds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rules_export.ruleset.model import Rule
from studio.accounts.models import User
from studio.authoring import expiry, silences
from studio.authoring.content import ExceptionTable, takes_list
from studio.authoring.expiry import Expiry
from studio.authoring.legitimate import Suggestion, suggested
from studio.authoring.pages.subject import Subject
from studio.authoring.silences import Row, Silences
from studio.authoring.vocabulary import field_names
from studio.lab.compiled import condition_text

#: Rows of one table that are shown at once.
SHOWN = 50

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
class Line:
    """A row on the page. silences: None where a cell is empty, so that the row counts for nothing."""

    number: int
    cells: tuple[tuple[int, str], ...]
    silences: Row | None
    is_blank: bool


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows are shown: those of `found` (all, or those that say `find`) from the place `first`."""

    found: tuple[int, ...]
    first: int
    find: str = ""

    @property
    def shown(self) -> tuple[int, ...]:
        return self.found[self.first : self.first + SHOWN]

    @property
    def last(self) -> int:
        """How many rows lie before the window's end."""
        return self.first + len(self.shown)

    @property
    def before(self) -> int | None:
        """Where the window before begins."""
        return max(self.first - SHOWN, 0) if self.first else None

    @property
    def after(self) -> int | None:
        """Where the next window begins."""
        return self.last if self.last < len(self.found) else None


@dataclass(frozen=True, slots=True)
class Offer:
    """An exception to add with one click. quiets: benign sample events that fire now and would not; blinds: attacks."""

    suggestion: Suggestion
    quiets: int
    blinds: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table on the page."""

    index: int
    table: ExceptionTable
    columns: tuple[Column, ...]
    window: Window
    lines: tuple[Line, ...]
    silences: Silences
    expiry: Expiry

    @property
    def is_long(self) -> bool:
        """Whether there are more rows than one sees at a glance."""
        return len(self.table.rows) > SHOWN // 2


def context(subject: Subject) -> dict[str, Any]:
    """tables, edited (the one just changed), offers, noise, comparisons, compiled, people, fields, own findings."""
    tables = [_table(index, table, subject) for index, table in enumerate(subject.content.exceptions)]
    members = User.objects.filter(memberships__team=subject.draft.team_id, is_active=True)
    return {
        "tables": tables,
        "edited": next((one for one in tables if str(one.index) == subject.query.get("edited")), None),
        "due": expiry.due(subject.content.exceptions),
        "offers": _offers(subject),
        "noise": subject.exam.lab.noise,
        "comparisons": COMPARISONS,
        "compiled": subject.exam.compiled,
        "tail": _tail(subject.exam.rule, subject.exam.compiled),
        "people": members.order_by("name").values_list("name", flat=True),
        "fields": field_names(),
        "own_findings": [item for item in subject.exam.findings if item.place == "exceptions"],
    }


def _offers(subject: Subject) -> list[Offer]:
    """What can be added, that which silences most of the noise first."""
    firing = {one.sample.key for one in subject.exam.lab.outcomes if one.matched}
    found = []
    for suggestion in suggested(subject.content):
        rows = silences.of(suggestion.table, subject.exam.rule, subject.exam.lab).rows.values()
        silenced = {one.key: one.is_attack for row in rows for one in row.silenced if one.key in firing}
        found.append(Offer(suggestion, list(silenced.values()).count(False), list(silenced.values()).count(True)))
    return sorted(found, key=lambda one: -one.quiets)


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
    found = silences.of(table, subject.exam.rule, subject.exam.lab)
    window = _window(index, table, subject.query)
    lines = tuple(
        Line(number, tuple(enumerate(table.rows[number])), found.rows.get(number), not any(table.rows[number]))
        for number in window.shown
    )
    return Table(index, table, columns, window, lines, found, expiry.of(table))


def _window(index: int, table: ExceptionTable, query: Mapping[str, str]) -> Window:
    find = query.get(f"find-{index}", "")[:120].strip()
    wanted = find.lower()
    found = tuple(
        number for number, row in enumerate(table.rows) if not wanted or any(wanted in cell.lower() for cell in row)
    )
    asked = query.get(f"first-{index}", "")
    if asked == "end":
        first = (len(found) - 1) // SHOWN * SHOWN if found else 0
    else:
        first = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
    return Window(found, first if first < len(found) else 0, find)
