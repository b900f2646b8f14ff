"""What a person looks for in the journal."""

from __future__ import annotations

from typing import Any

from django import forms

from studio.accounts.models import Team
from studio.audit import queries


class JournalFilter(forms.Form):
    """Who, what, when, to which object. Any field may be empty; one that makes no sense says so and counts as empty."""

    q = forms.CharField(label="Person or object", max_length=200, required=False)
    who = forms.ChoiceField(required=False)
    about = forms.CharField(max_length=80, required=False)
    object = forms.RegexField(
        r"^[a-z_]+\.[a-z_]+:[\w-]{1,80}$", max_length=170, required=False, widget=forms.HiddenInput
    )
    since = forms.DateField(label="From", required=False)
    until = forms.DateField(label="To", required=False)

    def __init__(self, data: Any, *, team: Team) -> None:
        super().__init__({name: data.get(name, "") for name in self.base_fields})
        self.team, people = team, queries.actors(team)
        self.fields["who"].choices = [("", "everybody"), *((one, one) for one in people)]  # type: ignore[attr-defined]
        for name in ("since", "until"):
            self.fields[name].error_messages["invalid"] = "Write the day as 2026-01-31."

    def wanted(self) -> queries.Wanted:
        """What to look for, without what makes no sense."""
        self.full_clean()
        kept = {name: value for name, value in self.cleaned_data.items() if value}
        return queries.Wanted(**kept)
