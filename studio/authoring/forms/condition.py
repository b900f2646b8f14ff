"""Posts of the third step: the condition's text."""

from __future__ import annotations

from dataclasses import replace

from studio.authoring import clauses
from studio.authoring.content import RuleContent
from studio.authoring.edits import Edit, set_condition
from studio.authoring.forms.base import ChangeForm, PlainText, Redraw

#: Characters of a condition; Falco knows no bound, people do.
LONGEST = 60_000


class ConditionForm(ChangeForm):
    """Write the condition."""

    condition = PlainText(max_length=LONGEST, label="Condition")

    def edit(self) -> Edit:
        return set_condition(self.cleaned_data["condition"])


class FormatForm(ConditionForm):
    """Write the condition, laid out anew."""

    redraw = Redraw.STAGE

    def edit(self) -> Edit:
        text = clauses.tidy(self.cleaned_data["condition"])

        def apply(content: RuleContent) -> RuleContent:
            return replace(content, condition=text)

        return Edit("Format the condition", apply)


ACTIONS: dict[str, type[ChangeForm]] = {"save": ConditionForm, "format": FormatForm}
