"""Posts of the fourth step: exceptions as tables, a form for each table and a button for each change of its shape."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django import forms

from studio.authoring.content import ExceptionTable, RuleContent
from studio.authoring.edits import Edit
from studio.authoring.forms.base import ChangeForm, Redraw
from studio.authoring.legitimate import suggested

MOST_TABLES = 30
MOST_COLUMNS = 8
MOST_ROWS = 500
LONGEST_CELL = 4000


class TableForm(ChangeForm):
    """One table as it stands on the page, with what its pressed button does to it.

    `do`: nothing (cells only), `add-row`, `add-field`, `remove-row-N`, `remove-field-N` or `remove` (the whole table).
    """

    index = forms.IntegerField(min_value=0, max_value=MOST_TABLES, label="Exception")
    do = forms.RegexField(r"^(add-row|add-field|remove|remove-(row|field)-\d{1,3})$", required=False, label="Change")
    name = forms.CharField(max_length=120, required=False, label="Name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.redraw = Redraw.STAGE if self.data.get("do") else Redraw.LIVE

    def clean(self) -> dict[str, Any]:
        """Fills `table`: what the cells say, with the button's change."""
        data = super().clean() or {}
        for key in self._keys():
            if len(self.data[key]) > LONGEST_CELL or "\x00" in self.data[key]:
                raise forms.ValidationError(f"A cell takes at most {LONGEST_CELL:,} characters and no NUL character.")
        return {**data, "table": self.table()}

    def table(self) -> ExceptionTable:
        """The posted cells, as they are."""
        columns = min(self._count(r"^field-(\d+)$"), MOST_COLUMNS)
        rows = min(self._count(r"^cell-(\d+)-\d+$"), MOST_ROWS)
        return ExceptionTable(
            name=str(self.data.get("name", "")).strip(),
            fields=tuple(self._text(f"field-{column}") for column in range(columns)),
            comps=tuple(self._text(f"comp-{column}") or "=" for column in range(columns)),
            rows=tuple(tuple(self._text(f"cell-{row}-{column}") for column in range(columns)) for row in range(rows)),
        )

    def edit(self) -> Edit:
        index, do = self.cleaned_data["index"], self.cleaned_data["do"]
        table = self.cleaned_data["table"]

        def apply(content: RuleContent) -> RuleContent:
            tables = list(content.exceptions)
            if index < len(tables):
                tables[index : index + 1] = [] if do == "remove" else [reshape(table, do)]
            return replace(content, exceptions=tuple(tables))

        label = f"Remove the exception {table.name}" if do == "remove" else f"Edit the exception {table.name}"
        return Edit(label[:120], apply, "" if do else f"exception-{index}")

    def _text(self, key: str) -> str:
        return " ".join(str(self.data.get(key, "")).split())

    def _keys(self) -> list[str]:
        return [key for key in self.data if re.match(r"^(field|comp|cell)-\d", key)]

    def _count(self, pattern: str) -> int:
        """One more than the highest number that the pattern finds among the posted names."""
        found = [int(match[1][:6]) for key in self.data if (match := re.match(pattern, key))]
        return max(found, default=-1) + 1


class AddTable(ChangeForm):
    """A new table: an empty one, or a suggestion by its columns and rows (legitimate.py), by its key."""

    redraw = Redraw.STAGE

    def edit(self) -> Edit:
        key = self.cleaned_data["argument"]

        def apply(content: RuleContent) -> RuleContent:
            suggestion = next((item for item in suggested(content) if item.key == key), None)
            if len(content.exceptions) >= MOST_TABLES or (key and suggestion is None):
                return content
            fresh = (
                suggestion.table if suggestion else ExceptionTable(_fresh(content), ("proc.name",), ("in",), (("",),))
            )
            return replace(content, exceptions=(*content.exceptions, fresh))

        return Edit("Add an exception", apply)


def reshape(table: ExceptionTable, do: str) -> ExceptionTable:
    """The table after a button: a row or a column more or less. A table keeps at least one column."""
    number = int(do.rsplit("-", 1)[1]) if do.startswith("remove-") else -1
    if do == "add-row" and len(table.rows) < MOST_ROWS:
        return replace(table, rows=(*table.rows, ("",) * len(table.fields)))
    if do == "add-field" and len(table.fields) < MOST_COLUMNS:
        rows = tuple((*row, "") for row in table.rows)
        return replace(table, fields=(*table.fields, ""), comps=(*table.comps, "="), rows=rows)
    if do.startswith("remove-row-"):
        return replace(table, rows=_without(table.rows, number))
    if do.startswith("remove-field-") and len(table.fields) > 1:
        rows = tuple(_without(row, number) for row in table.rows)
        return replace(table, fields=_without(table.fields, number), comps=_without(table.comps, number), rows=rows)
    return table


def _without(items: tuple[Any, ...], index: int) -> tuple[Any, ...]:
    return tuple(item for position, item in enumerate(items) if position != index)


def _fresh(content: RuleContent) -> str:
    """A name that no exception has yet."""
    taken = {table.name for table in content.exceptions}
    return next(name for number in range(1, MOST_TABLES + 2) if (name := f"known_use_{number}") not in taken)


ACTIONS: dict[str, type[ChangeForm]] = {"table": TableForm, "new": AddTable}
