"""The form of one macro or list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from studio.definitions import items
from studio.definitions.checking import LONGEST_CONDITION, LONGEST_NAME
from studio.definitions.models import Kind
from studio.definitions.rule_sets import MAX_TITLE
from studio.definitions.values import LIST, MACRO, Term

#: Characters of all values of a list together.
LONGEST_LIST = 1_000_000


class Text(forms.CharField):
    """A text of several lines as people typed it, with one kind of line end."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "strip": False, **kwargs})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class TermForm(forms.Form):
    """What a macro or list says. `version`: the one that was seen, empty for a new one; `seen`: the preview shown."""

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    name = forms.CharField(max_length=LONGEST_NAME, required=False)
    description = forms.CharField(max_length=1000, required=False)
    condition = Text(max_length=LONGEST_CONDITION, label="Condition")
    items = Text(max_length=LONGEST_LIST, label="Values")
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    label = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    def term(self) -> Term:
        """The macro or list that the valid form stands for."""
        data = self.cleaned_data
        about = {"name": data["name"].strip(), "description": " ".join(data["description"].split())}
        if data["kind"] == LIST:
            return Term(LIST, items=items.read(data["items"]), **about)
        return Term(MACRO, condition=data["condition"].strip(), **about)


def filled(term: Term, version: int | None = None, seen: str = "", label: str = "") -> TermForm:
    """The form as it shows a term."""
    data = {
        "kind": term.kind, "name": term.name, "description": term.description, "condition": term.condition,
        "items": items.show(term.items), "version": version or "", "seen": seen, "label": label,
    }  # fmt: skip
    return TermForm(initial=data)


class RuleSetTitleForm(forms.Form):
    """The title of a rule set."""

    title = forms.CharField(label="Title", max_length=MAX_TITLE)


class RuleSetTermForm(forms.Form):
    """What a macro or list of a rule set says. `version`: that of the rule set that was seen."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    text = Text(max_length=LONGEST_LIST)

    def __init__(self, *args: Any, term: Term, version: int, **kwargs: Any) -> None:
        initial = {"version": version, "text": term.condition if term.kind == MACRO else "\n".join(term.items)}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.term = term
        label = "Condition" if term.kind == MACRO else "Values, one per line"
        self.fields["text"].label = label
        rows = {"rows": 14, "class": "form-control font-monospace", "spellcheck": "false", "autocapitalize": "off"}
        self.fields["text"].widget = forms.Textarea(attrs=rows)

    def changed_term(self) -> Term:
        """The macro or list as the valid form says it."""
        text = self.cleaned_data["text"]
        if self.term.kind == MACRO:
            return replace(self.term, condition=text.strip())
        values = tuple(line.strip() for line in text.split("\n") if line.strip())
        return replace(self.term, items=values)
