"""What each row of an exception silences: sample events that the condition catches, and how broad the row is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rules_export.ruleset.model import Rule
from studio.authoring import samples
from studio.authoring.content import ExceptionTable, to_exception
from studio.lab.results import LabResult, Sample
from studio.lab.silencing import Breadth, alone, fitting

#: Rows whose breadth is remembered.
_ROWS = 4096


@dataclass(frozen=True, slots=True)
class Row:
    """A row that counts. number: its place in the table; silenced: sample events, the attacks among them first."""

    number: int
    silenced: tuple[Sample, ...]
    ordinary: frozenset[int]

    @property
    def attacks(self) -> tuple[Sample, ...]:
        """Attack events that it silences."""
        return tuple(one for one in self.silenced if one.is_attack)

    @property
    def breadth(self) -> Breadth:
        return Breadth(len(self.ordinary), len(samples.baseline()))


@dataclass(frozen=True, slots=True)
class Silences:
    """The rows of one exception, by their place; rows with an empty cell silence nothing and are absent."""

    rows: dict[int, Row]

    @property
    def breadth(self) -> Breadth:
        """Of the whole exception."""
        fitted = frozenset[int]().union(*(row.ordinary for row in self.rows.values()))
        return Breadth(len(fitted), len(samples.baseline()))

    @property
    def silencing(self) -> list[Row]:
        """The rows that silence a sample event."""
        return [row for row in self.rows.values() if row.silenced]

    @property
    def blinding(self) -> list[Row]:
        """The rows that silence an attack event."""
        return [row for row in self.rows.values() if row.attacks]


def caught(lab: LabResult) -> tuple[Sample, ...]:
    """The samples that the condition finds, whether an exception silences them or not; attack events first."""
    found = [item.sample for item in lab.outcomes if item.matched or item.silenced_by]
    return tuple(sorted(found, key=lambda one: not one.is_attack))


def of(table: ExceptionTable, rule: Rule, lab: LabResult) -> Silences:
    """What the rows of one exception of the rule silence."""
    known = caught(lab)
    rows = {}
    for number, part in _parts(table):
        single = alone(rule, to_exception(replace(part, owner="", reason="", expires="")))
        rows[number] = Row(number, tuple(known[place] for place in fitting(single, known)), _ordinary(single))
    return Silences(rows)


def breadth(table: ExceptionTable) -> Breadth:
    """How broad an exception is that no rule has yet."""
    single = alone(Rule("", "", "", "", ""), to_exception(table))
    return Breadth(len(_ordinary(single)), len(samples.baseline()))


def _parts(table: ExceptionTable) -> Iterator[tuple[int, ExceptionTable]]:
    """The table's whole rows, each as a table of its own; under `allof` the rows of one column only count together."""
    whole = [
        (number, row)
        for number, row in enumerate(table.rows)
        if len(row) == len(table.fields) and all(cell.strip() for cell in row) and all(table.fields)
    ]
    if len(table.fields) == 1 and table.comps[0].endswith(" allof"):
        if whole:
            yield whole[0][0], replace(table, rows=tuple(row for _, row in whole))
        return
    for number, row in whole:
        yield number, replace(table, rows=(row,))


@lru_cache(maxsize=_ROWS)
def _ordinary(single: Rule) -> frozenset[int]:
    """The events of ordinary life that the only exception of this rule fits, by their place."""
    return frozenset(fitting(single, samples.baseline()))
