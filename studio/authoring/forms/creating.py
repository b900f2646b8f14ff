"""The form that begins a draft."""

from __future__ import annotations

from django import forms

from studio.authoring import facts
from studio.authoring.edits import Edit, choose_behaviour
from studio.authoring.forms.technique import usable


class CreateForm(forms.Form):
    """All fields may stay empty: the wizard asks for a technique first and suggests a name from it."""

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
    behaviour = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    def clean_technique(self) -> tuple[str, ...]:
        """The id, as a tuple of one or none."""
        attack_id = str(self.cleaned_data["technique"])
        return (usable(attack_id),) if attack_id.strip() else ()

    def clean_behaviour(self) -> str:
        """The id of a behaviour that the library has, or nothing."""
        behaviour_id = str(self.cleaned_data["behaviour"])
        if behaviour_id and facts.behaviour(behaviour_id) is None:
            raise forms.ValidationError("This behaviour is not in the library (any more).")
        return behaviour_id

    def first(self) -> list[Edit]:
        """The changes to begin with: the behaviour, with its parameters as they come."""
        found = facts.behaviour(self.cleaned_data["behaviour"])
        return [choose_behaviour(found.id, found.title, {}, found.clause())] if found else []
