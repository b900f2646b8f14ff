"""The form that hands a draft in."""

from __future__ import annotations

from django import forms

from studio.review.models import Verdict


class HandInForm(forms.Form):
    """The version that the author saw, and a note for the reviewer."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    note = forms.CharField(
        max_length=2000, required=False, label="Note for the reviewer", widget=forms.Textarea(attrs={"rows": 3})
    )


class DecisionForm(forms.Form):
    """A reviewer's word: about which content (`seen`, its hash), what, with which note."""

    seen = forms.CharField(max_length=64, error_messages={"required": "The page was out of date. Look again."})
    verdict = forms.ChoiceField(
        choices=Verdict.choices, error_messages={"required": "Choose Approve or Request changes."}
    )
    note = forms.CharField(max_length=4000, required=False)
    override = forms.CharField(max_length=1000, required=False)
