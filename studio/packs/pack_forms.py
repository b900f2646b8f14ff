"""What a pack is called, whom it is for, and how its rules are found."""

from __future__ import annotations

from typing import Any

from django import forms

from studio.accounts.models import Team
from studio.attack import queries as attack
from studio.packs.models import Pack, PackMember


class PackForm(forms.ModelForm[Pack]):
    """A pack's own words. The query's fields count only where rules are found by it."""

    by_query = forms.ChoiceField(
        label="Rules",
        choices=[("", "Chosen by hand"), ("yes", "Found by a query, anew at every release")],
        widget=forms.RadioSelect,
        required=False,
    )

    class Meta:
        model = Pack
        fields = (
            "title", "name", "description", "mode", "target", "published_at",
            "license", "documentation", "source",
            "by_query", "query_technique", "query_tag", "query_maturity", "query_state",
        )  # fmt: skip
        labels = {
            "name": "Name for machines",
            "mode": "Shape of the file",
            "target": "Oldest Falco that has to load it",
            "published_at": "Where its image is published",
            "license": "License",
            "documentation": "Documentation",
            "source": "Source",
            "query_technique": "Technique",
            "query_tag": "Tag",
            "query_maturity": "Maturity",
            "query_state": "State of the rule",
        }
        help_texts = {
            "name": "As falcoctl and Kubernetes take it, such as harbour-recovery. It stays when the title changes.",
            "published_at": "A repository of a registry that falcoctl pulls from, such as ghcr.io/acme/harbour.",
            "license": "An SPDX expression, such as Apache-2.0. Images and the index of falcoctl name it.",
            "documentation": "An address where the rules are documented, such as a runbook.",
            "source": "An address where the rules are kept, such as a git repository.",
            "query_maturity": "By the tags maturity_stable, maturity_incubating and maturity_sandbox.",
            "query_technique": "An identifier such as T1490; its sub-techniques come along.",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 3}), "mode": forms.RadioSelect}

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team
        if self.instance.pk:
            self.initial["by_query"] = "yes" if self.instance.by_query else ""

    def clean_by_query(self) -> bool:
        """As the pack keeps it."""
        return str(self.cleaned_data["by_query"]) == "yes"

    def clean_name(self) -> str:
        """One name once in a team."""
        name = str(self.cleaned_data["name"])
        if Pack.objects.filter(team=self.team, name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Another pack of your team has this name.")
        if self.instance.pk and name != self.initial.get("name") and self.instance.releases.exists():
            raise forms.ValidationError("The pack was released under its name; hosts know it by that.")
        return name

    def clean_query_technique(self) -> str:
        """As ATT&CK writes it."""
        text = str(self.cleaned_data["query_technique"]).strip()
        if text and not attack.is_attack_id(text):
            raise forms.ValidationError("A technique looks like T1490 or T1059.004.")
        return attack.normal(text) if text else ""


class MemberForm(forms.Form):
    """One rule's line in the table."""

    draft = forms.IntegerField(widget=forms.HiddenInput)
    place = forms.IntegerField(min_value=0, max_value=99_999)
    switch = forms.ChoiceField(choices=PackMember.Switch.choices, required=False)
    priority = forms.ChoiceField(choices=PackMember._meta.get_field("priority").choices or [], required=False)


class WithdrawForm(forms.Form):
    """Why a release is yanked, or a pack rolled back."""

    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Enter a reason: whoever has the release will read it."},
    )


class ReleaseForm(forms.Form):
    """The version and the words for a release."""

    version = forms.CharField(max_length=60, help_text="As 1.4.2; a candidate as 1.4.2-rc.1.")
    version_reason = forms.CharField(
        label="Reason for a lower version", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Required for a version below the proposed one. It stays with the release.",
    )  # fmt: skip
    changelog = forms.CharField(
        required=False, max_length=20_000, strip=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Markdown. It goes into CHANGELOG.md, before that of the earlier releases.",
    )  # fmt: skip
    exception = forms.CharField(
        label="Why rules that nobody approved go out", required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, unapproved: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not unapproved:
            del self.fields["exception"]
