"""Posts of the fifth step: the output template, as text or as a sentence with its chips."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django import forms

from rules_export.catalog.fields import is_field, suggest
from studio.authoring import chips
from studio.authoring.chips import MOST_PAIRS, SEPARATOR, Chips
from studio.authoring.content import RuleContent
from studio.authoring.edits import Edit, RefusedEditError, set_output, use_suggestion
from studio.authoring.forms.base import ChangeForm, PlainText, Redraw
from studio.authoring.outputs import key_of

LONGEST = 4000
#: Characters that the field takes of an output that was imported.
IMPORTED = 200_000

_FIELD = r"^[a-z0-9_.]+(\[[^\]\n]{1,80}\])?$"
_VALUE = re.compile(r"^value-(\d{1,3})$")


class OutputForm(ChangeForm):
    """Write the template: `output`, or `sentence` with `key-N` and `value-N`. `event`: the sample it is shown on."""

    output = PlainText(max_length=IMPORTED, label="Output")
    sentence = PlainText(max_length=LONGEST, label="Sentence")
    event = forms.CharField(max_length=200, required=False, label="Sample event")

    def clean(self) -> dict[str, Any]:
        """Fills `written`, the output's text, and keeps the sample event on the page."""
        data = super().clean() or {}
        self.asked = {"event": data["event"]} if data.get("event") else {}
        if "sentence" not in self.data:
            return {**data, "written": data.get("output", "")}
        numbers = sorted(int(found[1]) for key in self.data if (found := _VALUE.match(key)))
        if len(numbers) > MOST_PAIRS or any(len(self._posted(number)[1]) > LONGEST for number in numbers):
            raise forms.ValidationError(f"At most {MOST_PAIRS} fields fit, of {LONGEST:,} characters together.")
        typed = [chips.written(*self._posted(number)) for number in numbers]
        sentence = " ".join(data.get("sentence", "").split()).replace(SEPARATOR, " ")
        return {**data, "written": Chips(sentence, tuple(pair for pair in typed if pair)).text}

    def edit(self) -> Edit:
        text = self.changed(self.cleaned_data["written"])
        change = set_output(text)

        def apply(content: RuleContent) -> RuleContent:
            after = change.apply(content)
            if after.output != content.output and len(text) > LONGEST:
                raise RefusedEditError(f"The output would be {len(text):,} characters long; at most {LONGEST:,} fit.")
            return after

        return replace(change, apply=apply)

    def as_typed(self, content: RuleContent) -> RuleContent:
        """The content with the output that was posted."""
        return replace(content, output=self.cleaned_data["written"]) if "written" in self.cleaned_data else content

    def changed(self, text: str) -> str:
        """The output after the button."""
        return text

    def _posted(self, number: int) -> tuple[str, str]:
        return str(self.data.get(f"key-{number}", ""))[:120], str(self.data.get(f"value-{number}", ""))


class InsertField(OutputForm):
    """Write the template with more fields at its end: `argument` names them (or `key=field`), with commas between."""

    redraw = Redraw.STAGE

    argument = forms.CharField(max_length=1000, label="Field")

    def clean_argument(self) -> dict[str, str]:
        """Field → the key that it is printed under."""
        found = {}
        for one in str(self.cleaned_data["argument"]).split(","):
            key, _, name = one.rpartition("=")
            refuse_unknown(name)
            found[name] = key if re.fullmatch(r"[a-z_]{1,40}", key) else key_of(name)
        return found

    def changed(self, text: str) -> str:
        return added(text, self.cleaned_data["argument"])


class InsertTyped(OutputForm):
    """Write the template with one more field that somebody typed."""

    redraw = Redraw.STAGE

    field = forms.CharField(max_length=120, label="Field")

    def clean_field(self) -> str:
        name = str(self.cleaned_data["field"]).strip().removeprefix("%")
        refuse_unknown(name)
        return name

    def changed(self, text: str) -> str:
        name = self.cleaned_data["field"]
        return added(text, {name: key_of(name)})


class ChangeChip(OutputForm):
    """Write the template with one chip moved or taken out, or all in the ecosystem's order."""

    redraw = Redraw.STAGE

    argument = forms.RegexField(r"^(sort|(up|down|remove)-\d{1,3})$", label="Change")

    def changed(self, text: str) -> str:
        parts = chips.read(text)
        if parts is None:
            raise RefusedEditError("Falco refuses this output, so it has no chips. Write it as text.")
        return parts.changed(self.cleaned_data["argument"]).text


class SuggestOutput(ChangeForm):
    """Take the suggestion again."""

    redraw = Redraw.STAGE

    def edit(self) -> Edit:
        return use_suggestion("output")


def added(text: str, pairs: dict[str, str]) -> str:
    """The output with these fields (by field, with their keys) at its end; a text of another shape just grows."""
    parts = chips.read(text)
    if parts is not None and parts.text == text.strip():
        return parts.adding(pairs).text
    printed = " ".join(f"{key}=%{name}" for name, key in pairs.items())
    join = " " if "|" in text else SEPARATOR
    return f"{text.rstrip()}{join}{printed}" if text.strip() else printed


def refuse_unknown(name: str) -> None:
    """Raises ValidationError for what is no field of Falco's, with near ones."""
    bare = name.partition("[")[0]
    if re.match(_FIELD, name) and is_field(bare):
        return
    near = suggest(bare)
    hint = f" Did you mean {near[0]}?" if near else " The list under the field has all of them."
    raise forms.ValidationError(f"Falco has no field {name[:60]}.{hint}")


ACTIONS: dict[str, type[ChangeForm]] = {
    "save": OutputForm,
    "insert": InsertField,
    "add": InsertTyped,
    "chip": ChangeChip,
    "suggest": SuggestOutput,
}
