"""A post of chosen events of the behaviour library."""

from __future__ import annotations

from typing import Any

from django import forms

from studio.authoring import borrowed
from studio.lab.events import ParsedEvent
from studio.lab.models import Expectation

#: Events that one post takes.
MOST = 100


class BorrowForm(forms.Form):
    """`chosen` holds the events by what is expected of them, after validation.

    `expectation`: as the behaviour says, or one for all.
    """

    expectation = forms.ChoiceField(
        label="The rule",
        choices=[("", "as the behaviour says"), *Expectation.choices],
        required=False,
        widget=forms.RadioSelect,
    )

    chosen: dict[str, list[ParsedEvent]] = {}

    def clean(self) -> dict[str, Any]:
        """At least one event that the library knows."""
        data = super().clean() or {}
        keys = self.data.getlist("event")[:MOST] if hasattr(self.data, "getlist") else []
        found = [offer for key in keys if (offer := borrowed.offer(key)) is not None]
        if not found:
            raise forms.ValidationError("Choose at least one event.")
        self.chosen = {}
        for one in found:
            self.chosen.setdefault(data.get("expectation") or one.expectation, []).append(one.event)
        return data
