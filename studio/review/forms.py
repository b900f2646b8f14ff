"""Forms of a review: hand in, decide, comment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from studio.accounts.models import User
from studio.review.models import MOST_SUGGESTION, MOST_TEXT, Verdict
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
