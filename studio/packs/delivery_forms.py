"""Where releases of a pack are pushed to."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Any

from django import forms

from studio.packs import places
from studio.packs.models import Destination, Pack
from studio.packs.models.pack import PUBLISHED_AT

_BRANCH = re.compile(r"(?!.*(\.\.|//|/\.|\.lock(/|$)|[./]$)|HEAD$)[A-Za-z0-9_][A-Za-z0-9._/+#@=-]*")
_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_PERSON = re.compile(r"[^<>\n\x00]{1,100} <[^<>\s@\x00]+@[^<>\s@\x00]+>")


class DestinationForm(forms.ModelForm[Destination]):
    """What both kinds have. The address has to be one that the administrator allows."""

    class Meta:
        model = Destination
        fields: tuple[str, ...] = ("label", "address", "channel", "automatic")
        labels = {
            "label": "Name",
            "channel": "Which releases",
            "automatic": "Push every such release by itself",
        }
        help_texts = {"label": "For people, such as production clusters."}

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack = pack

    def clean_address(self) -> str:
        """As the administrator allows it."""
        address = str(self.cleaned_data["address"]).strip()
        try:
            places.permitted(self.place(address), self.pack.team.slug)
        except places.PlaceError as error:
            raise forms.ValidationError(str(error)) from error
        return address

    @abstractmethod
    def place(self, address: str) -> places.Place:
        """The address taken apart."""


class RegistryForm(DestinationForm):
    """A repository of a registry."""

    class Meta(DestinationForm.Meta):
        help_texts = {
            **DestinationForm.Meta.help_texts,
            "address": "A registry and a repository, such as ghcr.io/acme/harbour.",
        }

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, pack=pack, **kwargs)
        if not self.instance.pk:
            self.initial.setdefault("address", pack.published_at)

    def place(self, address: str) -> places.Place:
        PUBLISHED_AT(address)
        return places.registry_place(address)


class GitForm(DestinationForm):
    """A repository of git."""

    class Meta(DestinationForm.Meta):
        fields = (
            "label", "address", "branch", "own_branch", "asks_merge", "folder", "holds", "signed_off_by", "channel",
            "automatic",
        )  # fmt: skip
        labels = {
            **DestinationForm.Meta.labels,
            "branch": "Branch that is deployed from",
            "own_branch": "A branch of its own for each release, for a merge request",
            "asks_merge": "Ask GitLab to open the merge request",
            "holds": "What is committed",
            "signed_off_by": "Signed off by",
        }
        help_texts = {
            **DestinationForm.Meta.help_texts,
            "address": "https://git.example.org/acme/rules.git or git@git.example.org:acme/rules.git",
            "branch": "Each release is one commit on it; made where the repository is empty.",
            "own_branch": "mews/NAME-VERSION, beginning at the branch above. Somebody merges it there.",
            "folder": "Where in the repository the files lie. Empty for its top.",
            "signed_off_by": "As Rules Team &lt;rules@example.org&gt;. Empty for whoever made the release.",
        }

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, pack=pack, **kwargs)
        self.initial.setdefault("branch", "main")
        if not self.instance.pk:
            self.initial["branch"] = "main"
        self.fields["branch"].required = True

    def place(self, address: str) -> places.Place:
        return places.git_place(address)

    def clean_branch(self) -> str:
        """A name that git takes."""
        return self._like(
            "branch", _BRANCH, "A branch is letters, digits and . _ / - + # @ = as git has it, like main."
        )

    def clean_folder(self) -> str:
        """A path inside the repository."""
        text = str(self.cleaned_data["folder"]).strip().strip("/")
        self.cleaned_data["folder"] = text
        return self._like("folder", _FOLDER, "A folder is plain names with / between, such as falco/rules.")

    def clean_signed_off_by(self) -> str:
        """A name and an address."""
        return self._like("signed_off_by", _PERSON, "A name and an address, as Rules Team <rules@example.org>.")

    def _like(self, name: str, pattern: re.Pattern[str], says: str) -> str:
        text = str(self.cleaned_data[name]).strip()
        if text and not pattern.fullmatch(text):
            raise forms.ValidationError(says)
        return text


FORMS: dict[str, type[DestinationForm]] = {"git": GitForm, "registry": RegistryForm}
