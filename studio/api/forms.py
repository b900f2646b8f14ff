"""The form of a new token."""

from __future__ import annotations

from typing import Any

from django import forms

from studio.accounts.roles import Role
from studio.api.scopes import SCOPES, Scope, within
from studio.api.tokens import MOST_DAYS, USUAL_DAYS


class TokenForm(forms.Form):
    """What the token is for, what it may, how long it lasts. Reading is always among what it may."""

    name = forms.CharField(max_length=80, help_text="What uses it, such as “nightly check”.")
    scopes = forms.MultipleChoiceField(
        label="May also", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Every token may read, check rules and try them. It never may more than your role in the team.",
    )  # fmt: skip
    days = forms.IntegerField(
        label="Days until it expires", min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS,
        help_text=f"At most {MOST_DAYS}.",
    )  # fmt: skip

    def __init__(self, *args: Any, role: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        more = [one for one in within(role) if one is not Scope.READ]
        choices = [(one.value, f"{SCOPES[one].label}: {SCOPES[one].says.lower()}") for one in more]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["scopes"]
