"""Posts of the sixth step: name, description, priority, enabled, tags. Every button also saves what is typed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django import forms

from rules_export.catalog.tags import TagKind, kind, order, tactic_tag
from rules_export.ruleset.model import PRIORITIES
from studio.attack import queries as attack
from studio.authoring.content import MOST_CAPTURE, RARE, SUGGESTED, RuleContent
from studio.authoring.edits import Edit, RefusedEditError, set_details, set_rare, split_tags, touch, use_suggestion
from studio.authoring.forms.base import ChangeForm, PlainText, Redraw
from studio.authoring.forms.technique import usable
from studio.authoring.guidance import tuning

LONGEST_NAME = 200
MOST_TAGS = 50
LONGEST_TAG = 100
LONGEST_DESC = 4000

#: Characters that a field takes of a rule that was imported.
_IMPORTED = 200_000

#: Framework, as it begins a tag → what its controls look like, and an example.
FRAMEWORKS = {
    "PCI_DSS": (r"\d{1,2}(\.\d{1,2}){0,3}", "10.2.7"),
    "NIST_800-53": (r"[A-Z]{2}-\d{1,2}(\(\d{1,2}\))?", "AU-10"),
    "CIS": (r"\d{1,2}(\.\d{1,2}){0,4}", "5.2.1"),
    "SOC2": (r"[A-Z]{1,2}\d{1,2}\.\d{1,2}", "CC6.1"),
    "ISO_27001": (r"A?\.?\d{1,2}(\.\d{1,2}){0,3}", "A.8.16"),
}


class DetailsForm(ChangeForm):
    """Write them all. `rare`: the rare keys are among what is posted; else they stay.

    The bounds hold for what is changed: an imported rule may have a longer name or more tags, and keeps them.
    """

    name = forms.CharField(max_length=_IMPORTED, required=False, label="Name")
    desc = PlainText(max_length=_IMPORTED, label="Description")
    priority = forms.ChoiceField(choices=[(item, item) for item in PRIORITIES], label="Priority")
    enabled = forms.BooleanField(required=False, label="Enabled")
    tags = PlainText(max_length=_IMPORTED, label="Tags")
    rare = forms.BooleanField(required=False, widget=forms.HiddenInput)
    warn_evttypes = forms.BooleanField(required=False, label="Warn about event types")
    skip_if_unknown_filter = forms.BooleanField(required=False, label="Skip where a field is unknown")
    capture = forms.BooleanField(required=False, label="Capture")
    capture_duration = forms.IntegerField(
        min_value=0, max_value=MOST_CAPTURE, required=False, label="Length of the capture"
    )

    def clean_tags(self) -> tuple[str, ...]:
        """Tags between commas or blanks, each once, in the order given."""
        return split_tags(self.cleaned_data["tags"])

    def clean_desc(self) -> str:
        return str(self.cleaned_data["desc"]).strip()

    def edit(self) -> Edit:
        data = self.cleaned_data
        details = set_details(data["name"], data["desc"], data["priority"], data["enabled"], data["tags"])
        rare = {key: data[key] or 0 if key == "capture_duration" else data[key] for key in RARE} if data["rare"] else {}

        def apply(content: RuleContent) -> RuleContent:
            after = details.apply(content)
            _refuse_long(content, after)
            return set_rare(rare).apply(after)

        return Edit(details.label, apply, details.field)


def _refuse_long(before: RuleContent, after: RuleContent) -> None:
    """Raises RefusedEditError for a changed text or tag that is longer than it may be."""
    if after.name != before.name and len(after.name) > LONGEST_NAME:
        raise RefusedEditError(f"The name has {len(after.name):,} characters; at most {LONGEST_NAME} fit.")
    if after.desc != before.desc and len(after.desc) > LONGEST_DESC:
        raise RefusedEditError(f"The description has {len(after.desc):,} characters; at most {LONGEST_DESC:,} fit.")
    fresh = [tag for tag in after.tags if tag not in before.tags]
    if fresh and len(after.tags) > MOST_TAGS:
        raise RefusedEditError(f"{len(after.tags)} tags; at most {MOST_TAGS} fit.")
    if long := next((tag for tag in fresh if len(tag) > LONGEST_TAG), ""):
        raise RefusedEditError(f"The tag {long[:30]}… is longer than {LONGEST_TAG} characters.")


class TagForm(DetailsForm):
    """Write them all, with one more tag."""

    redraw = Redraw.STAGE

    argument: forms.Field = forms.RegexField(r"^[^\s,\[\]]+$", max_length=LONGEST_TAG, label="Tag")

    def change(self, tags: tuple[str, ...]) -> tuple[str, ...]:
        """The tags with this one at its place; a maturity takes the place of another."""
        tag = self.cleaned_data["argument"]
        if kind(tag) is TagKind.MATURITY:
            tags = tuple(one for one in tags if kind(one) is not TagKind.MATURITY)
        return tags if tag in tags else order((*tags, tag))

    def edit(self) -> Edit:
        typed = super().edit()

        def apply(content: RuleContent) -> RuleContent:
            after = typed.apply(content)
            tags = self.change(after.tags)
            return touch(replace(after, tags=tags), "tags", tags)

        return Edit(f"Change the tag {self.cleaned_data['argument']}"[:120], apply)


class RemoveTag(TagForm):
    """Write them all, with one tag less."""

    def change(self, tags: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(tag for tag in tags if tag != self.cleaned_data["argument"])


class PickTag(TagForm):
    """Write them all, with one more tag that was chosen or typed beside a button; `argument` says which."""

    argument = forms.ChoiceField(choices=[(one, one) for one in ("tactic", "technique", "compliance", "own")])
    tactic = forms.CharField(max_length=60, required=False, label="Tactic")
    technique = forms.CharField(max_length=20, required=False, label="Technique")
    framework = forms.ChoiceField(choices=[(one, one) for one in FRAMEWORKS], required=False, label="Framework")
    control = forms.CharField(max_length=30, required=False, label="Control")
    own = forms.RegexField(r"^[^\s,\[\]]+$", max_length=LONGEST_TAG, required=False, label="Tag of your own")

    def clean(self) -> dict[str, Any]:
        """Fills `argument` with the tag."""
        data = super().clean() or {}
        which = data.get("argument", "")
        if which and which not in self.errors and not self.errors:
            data["argument"] = {
                "tactic": self._tactic, "technique": self._technique, "compliance": self._compliance, "own": self._own
            }[which](data)  # fmt: skip
        return data

    def _tactic(self, data: dict[str, Any]) -> str:
        found = attack.tactics().filter(slug=data["tactic"]).first()
        if found is None:
            raise forms.ValidationError("Choose a tactic of the list.")
        return tactic_tag(found.slug)

    def _technique(self, data: dict[str, Any]) -> str:
        if not data["technique"]:
            raise forms.ValidationError("Type the technique's id, such as T1490.")
        return usable(data["technique"])

    def _compliance(self, data: dict[str, Any]) -> str:
        pattern, example = FRAMEWORKS.get(data["framework"], ("", ""))
        control = data["control"].strip().upper()
        if not pattern or not re.fullmatch(pattern, control):
            raise forms.ValidationError(
                f"A control of {data['framework'] or 'a framework'} reads like {example or '…'}."
            )
        return f"{data['framework']}_{control}"

    def _own(self, data: dict[str, Any]) -> str:
        if not data["own"]:
            raise forms.ValidationError("Type the tag, without blanks and commas.")
        return str(data["own"])


class OrderTags(DetailsForm):
    """Write them all, with the tags in the ecosystem's order."""

    redraw = Redraw.STAGE

    def edit(self) -> Edit:
        typed = super().edit()

        def apply(content: RuleContent) -> RuleContent:
            after = typed.apply(content)
            tags = order(after.tags)
            return touch(replace(after, tags=tags), "tags", tags)

        return Edit("Put the tags in order", apply)


class Urgency(DetailsForm):
    """Write them all, with another priority."""

    redraw = Redraw.STAGE

    argument = forms.ChoiceField(choices=[(item, item) for item in PRIORITIES], label="Priority")

    def edit(self) -> Edit:
        typed, priority = super().edit(), self.cleaned_data["argument"]
        return Edit(f"Make it {priority}", lambda content: replace(typed.apply(content), priority=priority))


class AddTuning(DetailsForm):
    """Write them all, with a sentence on tuning behind the description."""

    redraw = Redraw.STAGE

    def edit(self) -> Edit:
        typed = super().edit()

        def apply(content: RuleContent) -> RuleContent:
            after = typed.apply(content)
            desc = after.desc.rstrip()
            desc += "." if desc and not desc.endswith((".", "!", "?")) else ""
            desc = f"{desc} {tuning(after)}".strip()
            if len(desc) > LONGEST_DESC:
                raise RefusedEditError(f"The description would be longer than {LONGEST_DESC:,} characters.")
            return touch(replace(after, desc=desc), "desc", desc)

        return Edit("Say how to tune the rule", apply)


class Suggest(DetailsForm):
    """Write them all, and let the studio fill one part again."""

    redraw = Redraw.STAGE

    argument = forms.ChoiceField(choices=[(part, part) for part in SUGGESTED], label="Part")

    def edit(self) -> Edit:
        typed, suggested = super().edit(), use_suggestion(self.cleaned_data["argument"])
        return Edit(suggested.label, lambda content: suggested.apply(typed.apply(content)))


ACTIONS: dict[str, type[ChangeForm]] = {
    "save": DetailsForm,
    "tag": TagForm,
    "untag": RemoveTag,
    "pick": PickTag,
    "order": OrderTags,
    "priority": Urgency,
    "tuning": AddTuning,
    "suggest": Suggest,
}
