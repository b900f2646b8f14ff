"""What to export, and in which shape."""

from __future__ import annotations

from typing import Any

from django import forms

from studio.accounts.models import Team
from studio.authoring.models import Draft
from studio.packs import queries
from studio.packs.models import ExportRun
from studio.packs.services import MOST_RULES


class ExportForm(forms.Form):
    """Drafts of one team, in the order of the list, and the mode."""

    draft = forms.MultipleChoiceField(
        label="Rules", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one rule."}
    )
    mode = forms.ChoiceField(
        label="Shape of the file",
        choices=ExportRun.Mode.choices,
        widget=forms.RadioSelect,
        initial=ExportRun.Mode.OVERLAY,
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team
        field = self.fields["draft"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(draft.pk), str(draft)) for draft in queries.exportable(team)[:MOST_RULES]]

    def drafts(self) -> list[Draft]:
        """The chosen drafts."""
        return queries.drafts_by_id(self.team, self.cleaned_data["draft"])
