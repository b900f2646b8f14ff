"""The reason for which a lint is switched off."""

from __future__ import annotations

from django import forms

from studio.lints.models import LONGEST_REASON


class ReasonForm(forms.Form):
    """Why a lint is switched off: a sentence for those who wonder later."""

    reason = forms.CharField(
        min_length=4,
        max_length=LONGEST_REASON,
        label="Reason",
        error_messages={
            "required": "Say why it is switched off.",
            "min_length": "Say why it is switched off, in a few words.",
        },
    )
