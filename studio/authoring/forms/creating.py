"""The form that begins a draft."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django import forms

from studio.accounts.models import Team, User
from studio.attack import queries as attack
from studio.authoring import described, facts, reading
from studio.authoring.content import RuleContent
from studio.authoring.edits import Edit, choose_behaviour
from studio.authoring.forms.base import PlainText
from studio.authoring.forms.behaviours import LONGEST
from studio.authoring.forms.behaviours import usable as usable_behaviour
from studio.authoring.forms.technique import usable

_RULE = re.compile(r"^\s*-?\s*rule:\s", re.MULTILINE)
_AS_IT_IS = {"spellcheck": "false", "autocapitalize": "off"}
#: Characters of a pasted rule.
LONGEST_YAML = 200_000


class CreateForm(forms.Form):
    """A technique, what was seen, a name: all may stay empty, and what is there is put to use."""

    #: What the pasted text gives, and whether it is a rule as YAML.
    reading = described.Reading((), ())
    is_rule = False
    #: Who asks, as team and person.
    asker: tuple[Team, User] | None = None

    technique = forms.CharField(
        max_length=120,
        required=False,
        label="ATT&CK technique",
        help_text="An id or a name, such as T1490.",
        widget=forms.TextInput(
            attrs={"list": "techniques", "autocomplete": "off", "spellcheck": "false", "autofocus": True}
        ),
    )
    pasted = PlainText(
        max_length=LONGEST,
        label="What was seen",
        help_text="Command lines, a script or Falco’s alerts become clauses; a rule’s YAML becomes a draft as it is.",
        widget=forms.Textarea(
            attrs={
                "rows": 4,
                "spellcheck": "false",
                "class": "font-monospace",
                "placeholder": "systemctl disable rescue.service",
            }
        ),
    )
    title = forms.CharField(
        max_length=200, required=False, label="Name of the rule", help_text="Left empty, it follows from the technique."
    )
    behaviour = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    def clean_technique(self) -> tuple[str, ...]:
        """The id, as a tuple of one or none."""
        asked = str(self.cleaned_data["technique"]).strip()
        named = attack.named(asked) if asked else None
        return (usable(named.pk if named else asked),) if asked else ()

    def clean_behaviour(self) -> str:
        """The id of a behaviour that the library has, or nothing."""
        behaviour_id = str(self.cleaned_data["behaviour"])
        if behaviour_id and usable_behaviour(behaviour_id, self.asker) is None:
            raise forms.ValidationError("This behaviour is not in the library (any more).")
        return behaviour_id

    def clean(self) -> dict[str, Any]:
        """What was pasted must give a clause at least; `is_rule` tells that it is a rule."""
        data = super().clean() or {}
        text = data.get("pasted", "")
        self.is_rule = bool(_RULE.search(text))
        if not text.strip() or self.is_rule or "technique" not in data:
            return data
        self.reading = described.read(text, RuleContent(techniques=data["technique"]))
        if not self.reading.taken:
            self.add_error("pasted", " ".join(self.reading.unread) or "No command, file or address was found in it.")
        return data

    def first(self) -> list[Edit]:
        """The changes to begin with: the behaviour, with its parameters as they come, and what was pasted."""
        found = facts.behaviour(self.cleaned_data["behaviour"])
        edits = [choose_behaviour(found.id, found.title, {}, found.clause())] if found else []
        taken = self.reading.taken
        picked = [one for offer in taken if (one := facts.behaviour(offer.proposal.behaviour))]
        return [*edits, described.take(picked, self.own_clauses)] if taken else edits

    @property
    def own_clauses(self) -> list[str]:
        """The clauses that come from the pasted text alone, without the library."""
        return [offer.proposal.clause for offer in self.reading.taken if not offer.proposal.behaviour]


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
