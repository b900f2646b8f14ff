"""Posts of the sixth step: name, description, priority, enabled, tags."""

from __future__ import annotations

import re
from dataclasses import replace

from django import forms

from rules_export.catalog.tags import order
from rules_export.ruleset.model import PRIORITIES
from studio.authoring.content import SUGGESTED, RuleContent
from studio.authoring.edits import Edit, set_details, touch, use_suggestion
from studio.authoring.forms.base import ChangeForm, PlainText, Redraw

MOST_TAGS = 50
LONGEST_TAG = 100


class DetailsForm(ChangeForm):
    """Write them all."""

    name = forms.CharField(max_length=200, required=False, label="Name")
    desc = PlainText(max_length=4000, label="Description")
    priority = forms.ChoiceField(choices=[(item, item) for item in PRIORITIES], label="Priority")
    enabled = forms.BooleanField(required=False, label="Enabled")
    tags = PlainText(max_length=6000, label="Tags")

    def clean_tags(self) -> tuple[str, ...]:
        """Tags between commas or blanks, each once, in the order given."""
        tags = tuple(dict.fromkeys(re.split(r"[\s,]+", self.cleaned_data["tags"].strip(" \n\t,[]"))))
        tags = tuple(tag for tag in tags if tag)
        if len(tags) > MOST_TAGS:
            raise forms.ValidationError(f"{len(tags)} tags; at most {MOST_TAGS} fit.")
        if long := next((tag for tag in tags if len(tag) > LONGEST_TAG), ""):
            raise forms.ValidationError(f"The tag {long[:30]}… is longer than {LONGEST_TAG} characters.")
        return tags

    def clean_desc(self) -> str:
        return str(self.cleaned_data["desc"]).strip()

    def edit(self) -> Edit:
        data = self.cleaned_data
        return set_details(data["name"], data["desc"], data["priority"], data["enabled"], data["tags"])


class TagForm(DetailsForm):
    """Write them all, with one more tag."""

    redraw = Redraw.STAGE

    argument = forms.RegexField(r"^[^\s,\[\]]+$", max_length=LONGEST_TAG, label="Tag")

    def change(self, tags: tuple[str, ...]) -> tuple[str, ...]:
        """The tags with this one added at its place."""
        tag = self.cleaned_data["argument"]
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


class Suggest(DetailsForm):
    """Write them all, and let the studio fill one part again."""

    redraw = Redraw.STAGE

    argument = forms.ChoiceField(choices=[(part, part) for part in SUGGESTED], label="Part")

    def edit(self) -> Edit:
        typed, suggested = super().edit(), use_suggestion(self.cleaned_data["argument"])
        return Edit(suggested.label, lambda content: suggested.apply(typed.apply(content)))


ACTIONS: dict[str, type[ChangeForm]] = {"save": DetailsForm, "tag": TagForm, "untag": RemoveTag, "suggest": Suggest}
