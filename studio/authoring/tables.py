"""Exceptions as tables: what a post, a button or a pasted block makes of one. Values in, values out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from rules_export.catalog.fields import is_field
from studio.authoring.content import ExceptionTable, is_shown
from studio.authoring.edits import RefusedEditError

MOST_TABLES = 30
MOST_COLUMNS = 8
MOST_ROWS = 1000

_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=[\t\n]|\Z)')
_PLAIN = re.compile(r"[^\t\n]*")

_STEPS = {"up": -1, "left": -1, "down": 1, "right": 1}

T = TypeVar("T")


class TableError(RefusedEditError):
    """A change that the table cannot take; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Patch:
    """What a post says of a table: texts by place. Whatever it does not name stays as it is."""

    noted: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[int, str] = field(default_factory=dict)
    comps: Mapping[int, str] = field(default_factory=dict)
    cells: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def on(self, table: ExceptionTable) -> ExceptionTable:
        """The table with what the post says. Raises TableError where it would grow beyond its bounds."""
        columns = max([len(table.fields), *(number + 1 for number in (*self.fields, *self.comps))])
        rows = max([len(table.rows), *(row + 1 for row, _ in self.cells)])
        _bounded(rows, columns, table)
        grown = _grown(table, rows, columns)
        after = replace(
            grown,
            **self.noted,  # type: ignore[arg-type]
            fields=tuple(_typed(name, self.fields.get(number, name)) for number, name in enumerate(grown.fields)),
            comps=tuple(_typed(comp, self.comps.get(number, comp)) or "=" for number, comp in enumerate(grown.comps)),
            rows=_filled(grown.rows, self.cells),
        )
        return settled(after)


def settled(table: ExceptionTable) -> ExceptionTable:
    """The table without its exact form, where it no longer shows that."""
    return table if table.exact is None or is_shown(table.exact, table) else replace(table, exact=None)


def reshape(table: ExceptionTable, do: str) -> ExceptionTable:
    """The table after a button: a row or a column more, less, or at another place. It keeps at least one column."""
    return settled(_reshaped(table, do))


def _reshaped(table: ExceptionTable, do: str) -> ExceptionTable:
    verb, _, place = do.partition("-")
    what, _, at = place.partition("-")
    number = int(at or 0)
    if do == "add-row":
        _bounded(len(table.rows) + 1, len(table.fields), table)
        return _grown(table, len(table.rows) + 1, len(table.fields))
    if do == "add-field":
        _bounded(len(table.rows), len(table.fields) + 1, table)
        return _grown(table, len(table.rows), len(table.fields) + 1)
    if what == "row":
        return replace(table, rows=_rearranged(table.rows, verb, number))
    if what == "field" and (verb != "remove" or len(table.fields) > 1):
        return replace(
            table,
            fields=_rearranged(table.fields, verb, number),
            comps=_rearranged(table.comps, verb, number),
            rows=tuple(_rearranged(row, verb, number) for row in table.rows),
        )
    return table


def moved_table(tables: Sequence[ExceptionTable], index: int, do: str) -> tuple[ExceptionTable, ...]:
    """The exceptions with one of them one place up or down."""
    return _rearranged(tuple(tables), do, index)


def paste(table: ExceptionTable, text: str, at: tuple[int, int] | None = None) -> ExceptionTable:
    """The table with a block of a spreadsheet in it: lines of cells between tabs.

    at: the cell where its first one goes; None for behind the last row that holds something. Where the first line names
    nothing but fields, the columns are found by them, and those that the table lacks are added. Raises TableError.
    """
    block = read_block(text)
    if not block:
        raise TableError("There is nothing in the block. Copy cells from a spreadsheet, and paste them here.")
    row, column = at or (_end(table), 0)
    places = list(range(column, len(table.fields)))
    if _is_header(block[0]):
        table, places = _headed(table, block.pop(0))
        row = min(row, _end(table))
    wide = max((len(line) for line in block), default=0)
    if wide > len(places):
        fit = f"{len(places)} {'fits' if len(places) == 1 else 'fit'}"
        raise TableError(
            f"The block is {wide} columns wide, and {fit} there. Add fields first, or let the first line name them."
        )
    _bounded(row + len(block), len(table.fields), table)
    cells = {(row + down, places[right]): value for down, line in enumerate(block) for right, value in enumerate(line)}
    grown = _grown(table, max(row + len(block), len(table.rows)), len(table.fields))
    return settled(replace(grown, rows=_filled(grown.rows, cells)))


def read_block(text: str) -> list[list[str]]:
    """A pasted block as lines of cells. A cell in quotes may hold tabs and line ends, as spreadsheets write them."""
    lines: list[list[str]] = [[]]
    place, text = 0, text.replace("\r\n", "\n").replace("\r", "\n")
    while place <= len(text):
        quoted = _QUOTED.match(text, place)
        if quoted and re.search(r"[\t\n]", quoted[1]):
            value, place = quoted[1].replace('""', '"'), quoted.end()
        else:
            plain = _PLAIN.match(text, place)
            value, place = (plain[0], plain.end()) if plain else ("", len(text))
        lines[-1].append(" ".join(value.split()))
        if text[place : place + 1] == "\n":
            lines.append([])
        place += 1
    return [line for line in lines if any(line)]


def _is_header(line: Sequence[str]) -> bool:
    """Whether every cell is a field of Falco's, perhaps with a comparison behind it."""
    return all(is_field(name.partition(" ")[0]) for name in line)


def _headed(table: ExceptionTable, names: Sequence[str]) -> tuple[ExceptionTable, list[int]]:
    """The table with a column for each name of the header, and where these stand. An empty table takes them alone."""
    if not any(cell for row in table.rows for cell in row):
        table = replace(table, fields=(), comps=(), rows=())
    places: list[int] = []
    for name in names:
        one, _, comp = name.partition(" ")
        if one not in table.fields:
            _bounded(len(table.rows), len(table.fields) + 1, table)
            table = _grown(table, len(table.rows), len(table.fields) + 1)
            usual = "in" if len(names) == 1 else "="
            table = replace(table, fields=(*table.fields[:-1], one), comps=(*table.comps[:-1], comp or usual))
        places.append(table.fields.index(one))
    return table, places


def _end(table: ExceptionTable) -> int:
    """The first row behind all that hold something."""
    return max((number + 1 for number, row in enumerate(table.rows) if any(cell.strip() for cell in row)), default=0)


def _bounded(rows: int, columns: int, table: ExceptionTable) -> None:
    """Refuse to let the table grow beyond the bounds; an imported one may be larger already."""
    if rows > max(MOST_ROWS, len(table.rows)):
        raise TableError(
            f"The table would have {rows:,} rows; at most {MOST_ROWS:,} fit. Put more values into one cell."
        )
    if columns > max(MOST_COLUMNS, len(table.fields)):
        raise TableError(f"The table would have {columns:,} fields; at most {MOST_COLUMNS} fit.")


def _grown(table: ExceptionTable, rows: int, columns: int) -> ExceptionTable:
    """The table with empty rows and columns at its end."""
    more = max(columns - len(table.fields), 0)
    wide = tuple(row + ("",) * (columns - len(row)) for row in table.rows)
    return replace(
        table,
        fields=table.fields + ("",) * more,
        comps=(table.comps + ("=",) * columns)[:columns],
        rows=wide + (("",) * columns,) * max(rows - len(wide), 0),
    )


def _filled(rows: tuple[tuple[str, ...], ...], cells: Mapping[tuple[int, int], str]) -> tuple[tuple[str, ...], ...]:
    changed = {row for row, _ in cells}
    return tuple(
        tuple(_typed(cell, cells.get((number, column), cell)) for column, cell in enumerate(row))
        if number in changed
        else row
        for number, row in enumerate(rows)
    )


def _typed(now: str, text: str) -> str:
    """What a typed text makes of a cell: one that differs in blanks alone, which a field does not send back, stays."""
    return now if " ".join(now.split()) == text else text


def _rearranged(items: tuple[T, ...], verb: str, number: int) -> tuple[T, ...]:
    """Without the item at `number`, or with it one place on; at an end it stays."""
    if verb == "remove":
        return items[:number] + items[number + 1 :]
    low, high = sorted((number, number + _STEPS[verb]))
    if low < 0 or high >= len(items):
        return items
    return (*items[:low], items[high], items[low], *items[high + 1 :])
