"""Forms of a review: hand in, decide, comment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from studio.accounts.models import User
from studio.attack.models import Tactic
from studio.review.models import MOST_SUGGESTION, MOST_TEXT, Assigning, Verdict
from studio.review.parts import PLACES


class Words(forms.CharField):
    """A text of several lines, counted as the browser counts it: a line's end is one character."""

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class HandInForm(forms.Form):
    """The version that the author saw, and a note for the reviewer."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    note = Words(max_length=2000, required=False)


class ReviewersForm(forms.Form):
    """Who is asked to review, by key."""

    reviewers = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, able: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedMultipleChoiceField, self.fields["reviewers"])
        field.choices = [(one.pk, one.name) for one in able]


class AssignmentForm(forms.Form):
    """How a team asks for reviews, and who is asked first about rules of each tactic."""

    how = forms.ChoiceField(
        label="Who is asked when a rule is handed in",
        choices=Assigning.choices,
        help_text="In turn: who may approve it and was asked longest ago. Everybody who may can decide all the same.",
    )

    def __init__(self, *args: Any, tactics: Iterable[Tactic], able: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.pk: one for one in able}
        choices = [("", "nobody in particular"), *((pk, one.name) for pk, one in self.people.items())]
        for one in tactics:
            field = forms.TypedChoiceField(
                label=one.name, choices=choices, required=False, coerce=int, empty_value=None
            )
            self.fields[f"tactic-{one.slug}"] = field

    def owners(self) -> dict[str, User | None]:
        """Tactic's short name → who is asked first."""
        keys = {name[7:]: value for name, value in self.cleaned_data.items() if name.startswith("tactic-")}
        return {tactic: self.people[pk] if pk else None for tactic, pk in keys.items()}

    def tactic_fields(self) -> list[forms.BoundField]:
        """The fields of the tactics, in the matrix's order."""
        return [self[name] for name in self.fields if name.startswith("tactic-")]


class DecisionForm(forms.Form):
    """A reviewer's word: about which content (`seen`, its hash), what, with which note."""

    seen = forms.CharField(max_length=64, error_messages={"required": "The page was out of date. Look again."})
    verdict = forms.ChoiceField(
        choices=Verdict.choices, error_messages={"required": "Choose Approve or Request changes."}
    )
    note = Words(max_length=4000, required=False)
    override = forms.CharField(max_length=1000, required=False)


class ThreadForm(forms.Form):
    """A comment that begins a thread, with the text that it suggests where the form had a field for one."""

    place = forms.ChoiceField(choices=PLACES)
    line = forms.IntegerField(min_value=1, max_value=10**6, required=False)
    spot = forms.CharField(max_length=400, required=False)
    text = Words(max_length=MOST_TEXT, required=False)
    suggestion = Words(max_length=MOST_SUGGESTION, required=False)

    def suggested(self) -> str | None:
        """The suggested text, or None."""
        return self.cleaned_data["suggestion"] if "suggestion" in self.data else None


class ReplyForm(forms.Form):
    """One more comment in a thread."""

    text = Words(max_length=MOST_TEXT, error_messages={"required": "Write something first."})


class ApplyForm(forms.Form):
    """The version of the draft that was seen."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
