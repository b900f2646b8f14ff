"""Posts of the first step: choose techniques and mark the primary one."""

from __future__ import annotations

from django import forms

from studio.attack.models import Technique
from studio.authoring import edits
from studio.authoring.forms.base import ChangeForm, Redraw


def usable(attack_id: str) -> str:
    """The id in upper case. Raises ValidationError where it is not loaded, or retired (with its successor's name)."""
    attack_id = attack_id.strip().upper()
    technique = Technique.objects.filter(pk=attack_id).first()
    if technique is None:
        raise forms.ValidationError(f"{attack_id} is not in the ATT&CK catalogue that is loaded.")
    if technique.is_retired:
        instead = f" Use {technique.successor_id} instead." if technique.successor_id else ""
        raise forms.ValidationError(f"MITRE has retired {attack_id}.{instead}")
    return attack_id


class TechniqueForm(ChangeForm):
    """A post that names one technique."""

    redraw = Redraw.STAGE

    argument = forms.CharField(max_length=20, label="Technique", widget=forms.HiddenInput)


class AddTechnique(TechniqueForm):
    """Choose it."""

    redraw = Redraw.CHOSEN

    def clean_argument(self) -> str:
        """The id of a technique that is loaded and in use."""
        return usable(str(self.cleaned_data["argument"]))

    def edit(self) -> edits.Edit:
        return edits.add_technique(self.cleaned_data["argument"])


class RemoveTechnique(TechniqueForm):
    """Choose it no more; works for ids that left the catalogue too."""

    def edit(self) -> edits.Edit:
        return edits.remove_technique(self.cleaned_data["argument"])


class PrimaryTechnique(TechniqueForm):
    """Make it the primary one."""

    def edit(self) -> edits.Edit:
        return edits.make_primary(self.cleaned_data["argument"])


ACTIONS: dict[str, type[ChangeForm]] = {"add": AddTechnique, "remove": RemoveTechnique, "primary": PrimaryTechnique}
