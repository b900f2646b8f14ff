"""The form that begins a draft."""

from __future__ import annotations

from dataclasses import replace

from django import forms

from studio.accounts.models import Team, User
from studio.authoring import facts, reading
from studio.authoring.edits import Edit, choose_behaviour
from studio.authoring.forms.base import PlainText
from studio.authoring.forms.behaviours import usable as usable_behaviour
from studio.authoring.forms.technique import usable

#: Characters of a pasted rule.
LONGEST_YAML = 200_000


class CreateForm(forms.Form):
    """All fields may stay empty: the wizard asks for a technique first and suggests a name from it."""

    #: Who asks, as team and person.
    asker: tuple[Team, User] | None = None

    title = forms.CharField(
        max_length=200,
        required=False,
        label="Name of the rule",
        help_text="You can leave it empty; the technique suggests one.",
    )
    technique = forms.CharField(
        max_length=20,
        required=False,
        label="ATT&CK technique",
        help_text="An id such as T1490, or empty to choose from the matrix.",
    )
    behaviour = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    def clean_technique(self) -> tuple[str, ...]:
        """The id, as a tuple of one or none."""
        attack_id = str(self.cleaned_data["technique"])
        return (usable(attack_id),) if attack_id.strip() else ()

    def clean_behaviour(self) -> str:
        """The id of a behaviour that the library has, or nothing."""
        behaviour_id = str(self.cleaned_data["behaviour"])
        if behaviour_id and usable_behaviour(behaviour_id, self.asker) is None:
            raise forms.ValidationError("This behaviour is not in the library (any more).")
        return behaviour_id

    def first(self) -> list[Edit]:
        """The changes to begin with: the behaviour, with its parameters as they come."""
        found = facts.behaviour(self.cleaned_data["behaviour"])
        return [choose_behaviour(found.id, found.title, {}, found.clause())] if found else []


class FromYamlForm(forms.Form):
    """A rule as YAML, to go on with as a draft."""

    text = PlainText(
        max_length=LONGEST_YAML,
        required=True,
        error_messages={"required": "Paste a rule first: a list item that begins with “- rule:”."},
        label="The rule",
        help_text="One rule as it stands in a rules file, with or without its macros and lists.",
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "font-monospace tall", "wrap": "off"}),
    )

    def clean(self) -> None:
        """Read the rule into `read`; what ATT&CK does not know of its techniques stays a tag."""
        if "text" not in self.cleaned_data:
            return
        try:
            read = reading.read_rule(self.cleaned_data["text"])
        except reading.UnreadableError as refused:
            for reason in refused.reasons:
                self.add_error("text", str(reason))
            return
        usable = facts.usable(read.content.techniques)
        content = replace(read.content, techniques=usable, primary=next(iter(usable), ""))
        self.read = replace(read, content=content)
