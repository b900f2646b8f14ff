"""Forms of the deeds that take several rules at once."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from rules_export.catalog.tags import MATURITIES
from studio.accounts.models import Team, User
from studio.accounts.queries import members
from studio.library import services
from studio.library.reading_files import MOST_BYTES, MOST_TEXT, UnusableError, files_of
from studio.library.services import Done
from studio.review.models import Revision
from studio.review.retiring import MOST_REASON

#: Tags that one deed adds or takes away, and the characters of one.
MOST_TAGS, MOST_TAG = 20, 100


class RulesFileForm(forms.Form):
    """A rules file, pasted or uploaded; `files` is what it holds."""

    text = forms.CharField(
        label="Paste rules, macros and lists",
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "font-monospace"}),
    )
    file = forms.FileField(
        label="Or choose a file",
        required=False,
        help_text="A rules file, or a zip or tar.gz of rules files: a pack of Mews, a rules.d folder. Up to 5 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.zip,.gz,.tgz,.tar"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        upload, text = data.get("file"), data.get("text", "").replace("\r\n", "\n")
        if self.errors:
            return data
        if upload and text.strip():
            raise forms.ValidationError("Paste a text or choose a file, one of them.")
        if not upload and not text.strip():
            raise forms.ValidationError("Paste a text or choose a file first.")
        try:
            data["files"] = files_of(upload.name, _bytes(upload)) if upload else [("pasted.yaml", text)]
        except UnusableError as error:
            raise forms.ValidationError(str(error)) from error
        return data


def _bytes(upload: UploadedFile[bytes]) -> bytes:
    """The upload, but no more of it than tells that it is too large."""
    data: bytes = upload.read(MOST_BYTES + 1)
    return data


class _Deed(forms.Form):
    """A deed: `title` and `says` for the page, `button` for its button, `carry_out` for what it does."""

    title, says, button = "", "", ""

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team

    @abstractmethod
    def carry_out(self, by: User, rules: Iterable[Revision]) -> list[Done]:
        """Do it; the form is valid."""


class DeprecateForm(_Deed):
    title, button = "Deprecate rules", "Deprecate"
    says = "They leave the packs with their next release, and can be reinstated. What is released stays as it is."
    reason = forms.CharField(label="Why", max_length=MOST_REASON, help_text="Stays with the rules and in the journal.")

    def carry_out(self, by: User, rules: Iterable[Revision]) -> list[Done]:
        return services.deprecate(self.team, by, rules, self.cleaned_data["reason"])


class ReinstateForm(_Deed):
    title, button = "Reinstate rules", "Reinstate"
    says = "They are approved again, as they were."
    reason = forms.CharField(label="Why", max_length=MOST_REASON, help_text="Stays in the journal.")

    def carry_out(self, by: User, rules: Iterable[Revision]) -> list[Done]:
        return services.reinstate(self.team, by, rules, self.cleaned_data["reason"])


class OwnerForm(_Deed):
    title, button = "Hand rules over", "Hand over"
    says = "The owner looks after the rules: answers for false positives and for what is out of date."
    owner = forms.TypedChoiceField(label="New owner", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.user_id: one.user for one in members(self.team) if one.user.is_active}
        choices = [("", "Choose somebody"), *((pk, one.name) for pk, one in self.people.items())]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    def carry_out(self, by: User, rules: Iterable[Revision]) -> list[Done]:
        return services.hand_over(self.team, by, rules, self.people[self.cleaned_data["owner"]])


class TagForm(_Deed):
    title, button = "Change tags", "Change the tags"
    says = "What is approved never changes, so this edits the rules' drafts; the new tags count once they are approved."
    add = forms.CharField(
        label="Add", required=False, max_length=1000, help_text=f"Several with commas. For example {MATURITIES[0]}."
    )
    drop = forms.CharField(label="Take away", required=False, max_length=1000, help_text="Several with commas.")
    hand_in = forms.BooleanField(
        label="Hand the drafts in for review", required=False, help_text="Only those that hold no other changes."
    )

    def clean_add(self) -> list[str]:
        return _tags(self.cleaned_data["add"])

    def clean_drop(self) -> list[str]:
        return _tags(self.cleaned_data["drop"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data["add"] and not data["drop"]:
            raise forms.ValidationError("Name a tag to add or to take away.")
        return data

    def carry_out(self, by: User, rules: Iterable[Revision]) -> list[Done]:
        data = self.cleaned_data
        return services.tag(self.team, by, rules, data["add"], data["drop"], hand_in=data["hand_in"])


DEEDS: Mapping[str, type[_Deed]] = {
    "owner": OwnerForm,
    "tag": TagForm,
    "deprecate": DeprecateForm,
    "reinstate": ReinstateForm,
}


def _tags(text: str) -> list[str]:
    found = list(dict.fromkeys(one for part in text.split(",") if (one := "_".join(part.split()))))
    if len(found) > MOST_TAGS or any(len(one) > MOST_TAG for one in found):
        raise forms.ValidationError(f"At most {MOST_TAGS} tags of {MOST_TAG} characters.")
    return found
