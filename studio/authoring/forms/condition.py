"""Posts of the third step: the condition's text."""

from __future__ import annotations

from dataclasses import replace

from studio.authoring import clauses
from studio.authoring.content import RuleContent
from studio.authoring.edits import Edit, RefusedEditError, set_condition
from studio.authoring.forms.base import ChangeForm, PlainText, Redraw

#: Characters of a condition; Falco knows no bound, people do.
LONGEST = 60_000
#: Characters that the field takes of a condition that was imported.
IMPORTED = 1_000_000


class ConditionForm(ChangeForm):
    """Write the condition."""

    condition = PlainText(max_length=IMPORTED, label="Condition")

    def edit(self) -> Edit:
        change = set_condition(self.cleaned_data["condition"])

        def apply(content: RuleContent) -> RuleContent:
            after = change.apply(content)
            if after.condition != content.condition and len(after.condition) > max(LONGEST, len(content.condition)):
                raise RefusedEditError(
                    f"The condition has {len(after.condition):,} characters; at most {LONGEST:,} fit."
                )
            return after

        return replace(change, apply=apply)


class FormatForm(ConditionForm):
    """Write the condition, laid out anew."""

    redraw = Redraw.STAGE

    def edit(self) -> Edit:
        text = clauses.tidy(self.cleaned_data["condition"])

        def apply(content: RuleContent) -> RuleContent:
            return replace(content, condition=text)

        return Edit("Format the condition", apply)


ACTIONS: dict[str, type[ChangeForm]] = {"save": ConditionForm, "format": FormatForm}
