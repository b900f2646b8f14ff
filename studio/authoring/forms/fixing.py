"""Posts that every step takes: carry out the fix of a finding, or all safe ones."""

from __future__ import annotations

import re

from django import forms

from studio.authoring.edits import Edit
from studio.authoring.fixes import fix_one, fix_safe
from studio.authoring.forms.base import ChangeForm, Redraw

_KEY = re.compile(r"([A-Z][A-Z_]{2,60})@([0-9]{1,7})")


class FixForm(ChangeForm):
    """Carry out one fix; the argument is the finding's key."""

    redraw = Redraw.STAGE
    argument = forms.RegexField(_KEY.pattern + r"\Z", label="Finding")

    def edit(self) -> Edit:
        found = _KEY.fullmatch(self.cleaned_data["argument"])
        return fix_one(found[1], int(found[2])) if found else super().edit()


class FixSafeForm(ChangeForm):
    """Carry out every safe fix."""

    redraw = Redraw.STAGE

    def edit(self) -> Edit:
        return fix_safe(self.off)


ACTIONS: dict[str, type[ChangeForm]] = {"fix": FixForm, "fix-safe": FixSafeForm}
