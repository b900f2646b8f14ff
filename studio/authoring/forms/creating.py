"""The form that begins a draft."""

from __future__ import annotations

from django import forms

from studio.authoring.forms.technique import usable


class CreateForm(forms.Form):
    """Both fields may stay empty: the wizard asks for a technique first and suggests a name from it."""

    title = forms.CharField(
        max_length=200,
        required=False,
        label="Name of the rule",
        help_text="You can leave it empty; the technique suggests one.",
    )
    technique = forms.CharField(
        max_length=20,
        required=False,
        label="ATT&CK technique",
        help_text="An id such as T1490, or empty to choose from the matrix.",
    )

    def clean_technique(self) -> tuple[str, ...]:
        """The id, as a tuple of one or none."""
        attack_id = str(self.cleaned_data["technique"])
        return (usable(attack_id),) if attack_id.strip() else ()
