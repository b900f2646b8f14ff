"""Posts of the fourth step: exceptions as tables, a form for each table and a button for each change of its shape."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django import forms

from studio.authoring import expiry, tables
from studio.authoring.content import ExceptionTable, RuleContent
from studio.authoring.edits import Edit
from studio.authoring.forms.base import ChangeForm, PlainText, Redraw
from studio.authoring.legitimate import suggested
from studio.authoring.tables import MOST_ROWS, MOST_TABLES, Patch, TableError

LONGEST_CELL = 4000
LONGEST_BLOCK = 400_000

_DO = r"^(add-row|add-field|paste|remove|up|down|(remove|up|down)-row-\d{1,4}|(remove|left|right)-field-\d{1,2})$"
_CELL = re.compile(r"^(field|comp|cell)-(\d{1,6})(?:-(\d{1,6}))?$")


class TableForm(ChangeForm):
    """One table with what its pressed button does to it. A post names the cells that the page showed; others stay.

    `do`: nothing (cells only) or one of the buttons. `first` and `find` say which rows the page shows; `at` is the cell
    ("row-column") that a pasted block begins at.
    """

    index = forms.IntegerField(min_value=0, max_value=MOST_TABLES, label="Exception")
    do = forms.RegexField(_DO, required=False, label="Change")
    name = forms.CharField(max_length=120, required=False, label="Name")
    owner = forms.CharField(max_length=120, required=False, label="Owner")
    reason = forms.CharField(max_length=500, required=False, label="Reason")
    expires = forms.CharField(max_length=10, required=False, label="Last day")
    first = forms.IntegerField(min_value=0, max_value=MOST_ROWS, required=False, label="First row shown")
    find = forms.CharField(max_length=120, required=False, label="Filter")
    at = forms.RegexField(r"^\d{1,4}-\d{1,2}$", required=False, label="Cell")
    block = PlainText(max_length=LONGEST_BLOCK, label="Rows to paste")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.redraw = Redraw.STAGE if self.data.get("do") else Redraw.LIVE

    def clean_expires(self) -> str:
        """A day, or nothing."""
        text = str(self.cleaned_data["expires"]).strip()
        if text and expiry.read(text) is None:
            raise forms.ValidationError(f"{text} is no day. Write it as year-month-day: 2026-12-31.")
        return text

    def clean(self) -> dict[str, Any]:
        """Fills `patch`: what the posted texts say."""
        data = super().clean() or {}
        texts: dict[str, dict[Any, str]] = {"field": {}, "comp": {}, "cell": {}}
        for key, value in self.data.items():
            if not (found := _CELL.match(key)) or (found[1] == "cell") is not (found[3] is not None):
                continue
            if len(value) > LONGEST_CELL or "\x00" in value:
                raise forms.ValidationError(f"A cell takes at most {LONGEST_CELL:,} characters and no NUL character.")
            place = (int(found[2]), int(found[3])) if found[3] else int(found[2])
            texts[found[1]][place] = " ".join(value.split())
        noted = {word: " ".join(data[word].split()) for word in _NOTED if word in self.data and word in data}
        return {**data, "patch": Patch(noted, texts["field"], texts["comp"], texts["cell"])}

    def edit(self) -> Edit:
        data = self.cleaned_data
        index, do, patch = data["index"], data["do"], data["patch"]

        def apply(content: RuleContent) -> RuleContent:
            if index >= len(content.exceptions):
                return content
            after = list(content.exceptions)
            after[index : index + 1] = [] if do == "remove" else [self.changed(patch.on(after[index]))]
            if do in ("up", "down"):
                return replace(content, exceptions=tables.moved_table(after, index, do))
            return replace(content, exceptions=tuple(after))

        self._goes_on(index, do)
        name = patch.noted.get("name", "")
        label = f"Remove the exception {name}" if do == "remove" else f"Edit the exception {name}"
        return Edit(label[:120], apply, "" if do else f"exception-{index}")

    def as_typed(self, content: RuleContent) -> RuleContent:
        """The content with the cells that were posted, where they fit."""
        data = self.cleaned_data
        index, patch = data.get("index"), data.get("patch")
        if index is None or patch is None or index >= len(content.exceptions):
            return content
        after = list(content.exceptions)
        with suppress(TableError):
            after[index] = patch.on(after[index])
        return replace(content, exceptions=tuple(after))

    def changed(self, table: ExceptionTable) -> ExceptionTable:
        """The table after the button."""
        do, at = self.cleaned_data["do"], self.cleaned_data["at"]
        if do != "paste":
            return table if do in ("", "remove", "up", "down") else tables.reshape(table, do)
        row, _, column = at.partition("-")
        return tables.paste(table, self.cleaned_data["block"], (int(row), int(column)) if at else None)

    def _goes_on(self, index: int, do: str) -> None:
        """Which rows the page shows afterwards; new ones stand at the end."""
        self.asked, self.anchor = {"edited": str(index)}, f"exception-{index}"
        if do in ("add-row", "paste") and not self.cleaned_data["at"]:
            self.asked[f"first-{index}"] = "end"
        elif do not in ("remove", "up", "down"):
            self.asked[f"first-{index}"] = str(self.cleaned_data["first"] or 0)
            self.asked[f"find-{index}"] = self.cleaned_data["find"]


class AddTable(ChangeForm):
    """A new table: an empty one, or a suggestion by its columns and rows (legitimate.py), by its key."""

    redraw = Redraw.STAGE

    def edit(self) -> Edit:
        key = self.cleaned_data["argument"]

        def apply(content: RuleContent) -> RuleContent:
            if len(content.exceptions) >= MOST_TABLES:
                raise TableError(f"A rule takes at most {MOST_TABLES} exceptions. Put more rows into one.")
            suggestion = next((item for item in suggested(content) if item.key == key), None)
            if key and suggestion is None:
                return content
            fresh = (
                suggestion.table if suggestion else ExceptionTable(_fresh(content), ("proc.name",), ("in",), (("",),))
            )
            return replace(content, exceptions=(*content.exceptions, fresh))

        return Edit("Add an exception", apply)


def _fresh(content: RuleContent) -> str:
    """A name that no exception has yet."""
    taken = {table.name for table in content.exceptions}
    return next(name for number in range(1, MOST_TABLES + 2) if (name := f"known_use_{number}") not in taken)


_NOTED = ("name", "owner", "reason", "expires")

ACTIONS: dict[str, type[ChangeForm]] = {"table": TableForm, "new": AddTable}
