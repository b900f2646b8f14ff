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
from studio.library.importing import Placing, Where
from studio.library.reading_files import MOST_BYTES, MOST_TEXT, UnusableError, check_kind
from studio.library.services import Done
from studio.review.models import Revision
from studio.review.retiring import MOST_REASON

#: Tags that one deed adds or takes away, and the characters of one.
MOST_TAGS, MOST_TAG = 20, 100


class RulesFileForm(forms.Form):
    """A rules file, pasted or uploaded: `given` for import_jobs.start, `name` for people."""

    text = forms.CharField(
        label="Paste rules, macros and lists",
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "font-monospace"}),
    )
    file = forms.FileField(
        label="Or choose a file",
        required=False,
        help_text="A rules file, or a zip, tar or tar.gz archive of rules files. Up to 5 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.zip,.gz,.tgz,.tar"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        upload, text = data.get("file"), data.get("text", "").replace("\r\n", "\n")
        if self.errors:
            return data
        if upload and text.strip():
            raise forms.ValidationError("Paste rules or choose a file, not both.")
        if not upload and not text.strip():
            raise forms.ValidationError("Paste rules or choose a file first.")
        data["name"], data["given"] = "pasted.yaml", [("pasted.yaml", text)]
        if upload:
            data["name"], data["given"] = upload.name[:200] or "rules.yaml", _bytes(upload)
            try:
                check_kind(data["name"], data["given"])
            except UnusableError as error:
                raise forms.ValidationError(str(error)) from error
        return data


class PlacingForm(forms.Form):
    """Where the macros and lists of an import go; `placing` once it is valid."""

    where = forms.ChoiceField(choices=[(one.value, one.value) for one in Where])
    title = forms.CharField(label="Name of the rule set", required=False, max_length=100)
    rule_set = forms.ChoiceField(label="Rule set to update", required=False)

    def __init__(self, data: Any, rule_sets: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["rule_set"].choices = [("", ""), *rule_sets]  # type: ignore[attr-defined]

    @property
    def placing(self) -> Placing:
        """As the import has it; a title only with a new rule set."""
        data, own = self.cleaned_data, self.cleaned_data["where"] == Where.RULE_SET
        rule_set = data["rule_set"] if own else ""
        return Placing(data["where"], data["title"] if own and not rule_set else "", rule_set)


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
