"""A shortcut from the lab: a process that makes the rule fire on ordinary life becomes a row of an exception."""

from __future__ import annotations

from dataclasses import replace

from django import forms

from studio.authoring.content import ExceptionTable, RuleContent
from studio.authoring.edits import Edit
from studio.authoring.forms.base import ChangeForm, Redraw

#: The exception that takes these rows.
NAME = "ordinary_work"
FIELDS, COMPS = ("proc.name", "proc.pname"), ("=", "=")


class ExceptProcess(ChangeForm):
    """Make an exception of a process with its parent."""

    redraw = Redraw.STAGE

    process = forms.CharField(max_length=200, label="Process")
    parent = forms.CharField(max_length=200, label="Parent process")

    def edit(self) -> Edit:
        row = (self.cleaned_data["process"], self.cleaned_data["parent"])

        def apply(content: RuleContent) -> RuleContent:
            tables = list(content.exceptions)
            place = next((at for at, one in enumerate(tables) if (one.name, one.fields) == (NAME, FIELDS)), None)
            if place is None:
                tables.append(ExceptionTable(NAME, FIELDS, COMPS, (row,)))
            elif row not in tables[place].rows:
                tables[place] = replace(tables[place], rows=(*tables[place].rows, row))
            return replace(content, exceptions=tuple(tables))

        return Edit(f"Make an exception of {row[0]}"[:120], apply)


ACTIONS: dict[str, type[ChangeForm]] = {"except": ExceptProcess}
