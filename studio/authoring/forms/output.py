"""Posts of the fifth step: the output template."""

from __future__ import annotations

from django import forms

from studio.authoring.edits import Edit, set_output, use_suggestion
from studio.authoring.forms.base import ChangeForm, PlainText, Redraw
from studio.authoring.outputs import pair


class OutputForm(ChangeForm):
    """Write the template."""

    output = PlainText(max_length=4000, label="Output")

    def edit(self) -> Edit:
        return set_output(self.cleaned_data["output"])


class InsertField(OutputForm):
    """Write the template with one more field at its end."""

    redraw = Redraw.STAGE

    argument = forms.RegexField(r"^[a-z0-9_.]+(\[[^\]\n]{1,80}\])?$", max_length=120, label="Field")

    def edit(self) -> Edit:
        text, name = self.cleaned_data["output"].rstrip(), self.cleaned_data["argument"]
        join = " " if "|" in text else " | "
        return set_output(f"{text}{join}{pair(name)}" if text else f"{pair(name)}")


class SuggestOutput(ChangeForm):
    """Take the suggestion again."""

    redraw = Redraw.STAGE

    def edit(self) -> Edit:
        return use_suggestion("output")


ACTIONS: dict[str, type[ChangeForm]] = {"save": OutputForm, "insert": InsertField, "suggest": SuggestOutput}
