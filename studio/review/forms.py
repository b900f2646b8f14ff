"""The form that hands a draft in."""

from __future__ import annotations

from django import forms


class HandInForm(forms.Form):
    """The version that the author saw, and a note for the reviewer."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    note = forms.CharField(
        max_length=2000, required=False, label="Note for the reviewer", widget=forms.Textarea(attrs={"rows": 3})
    )
