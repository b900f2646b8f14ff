"""Posts that every step takes: switch a finding off for this rule, with a reason, and on again."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from rules_export.lints.registry import known
from studio.authoring.edits import Edit
from studio.authoring.forms.base import ChangeForm, Redraw
from studio.authoring.waivers import unwaive, waive
from studio.lints.forms import ReasonForm

_CODE = r"[A-Z][A-Z_]{2,60}\Z"


class WaiveForm(ChangeForm):
    """Switch a lint off for the rule; the argument is its code."""

    redraw = Redraw.STAGE
    argument = forms.RegexField(_CODE, label="Finding")
    reason = ReasonForm.base_fields["reason"]

    def clean_argument(self) -> str:
        code: str = self.cleaned_data["argument"]
        if known(code) is None:
            raise ValidationError("What Falco itself says cannot be switched off.")
        return code

    def edit(self) -> Edit:
        by = self.by.name if self.by else ""
        return waive(self.cleaned_data["argument"], self.cleaned_data["reason"], by, timezone.localdate())


class UnwaiveForm(ChangeForm):
    """Switch it on again."""

    redraw = Redraw.STAGE
    argument = forms.RegexField(_CODE, label="Finding")

    def edit(self) -> Edit:
        return unwaive(self.cleaned_data["argument"])


ACTIONS: dict[str, type[ChangeForm]] = {"waive": WaiveForm, "unwaive": UnwaiveForm}
