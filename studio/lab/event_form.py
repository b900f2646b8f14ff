"""The form that makes one event: a type is chosen, its fields follow, empty ones take what the type implies."""

from __future__ import annotations

from typing import Any

from django import forms

from rules_export.evaluation.normalising import EventError, normalise
from studio.behaviours.events import EventSpellingError
from studio.lab import shapes
from studio.lab.events import ParsedEvent
from studio.lab.models import Expectation

PREFIX = "f-"
LONGEST = 4000
#: What somebody writes for a field that shall have no value.
NO_VALUE = "<NA>"


class MakeEventForm(forms.Form):
    """One event by its fields. `made` holds it after validation; `shape` what the form shows, always."""

    type = forms.ChoiceField(label="What happens", choices=shapes.choices)
    command = forms.CharField(
        label="Command line of the process",
        max_length=LONGEST,
        initial="bash",
        widget=forms.TextInput(attrs={"class": "font-monospace", "spellcheck": "false", "autocomplete": "off"}),
        help_text="As typed in a shell, such as rm -rf /backup. Name, path and arguments follow from it.",
    )
    target = forms.CharField(
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"class": "font-monospace", "spellcheck": "false", "autocomplete": "off"}),
    )
    more = forms.CharField(
        label="Further fields",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "font-monospace", "spellcheck": "false"}),
        help_text="One on each line: proc.env[LD_PRELOAD] = /tmp/x.so",
    )
    name = forms.CharField(
        max_length=120, required=False, help_text="What you call the event. Empty: its command line.", label="Name"
    )
    expectation = forms.ChoiceField(
        label="The rule", choices=Expectation.choices, initial=Expectation.MATCH, widget=forms.RadioSelect
    )

    made: ParsedEvent | None = None
    #: Field → what is wrong with its value.
    wrong: dict[str, str] = {}

    def __init__(self, data: Any = None, *, asked: Any = None, expects: bool = True) -> None:
        """data: a post. asked: an address that chooses the type (`type`, `command`, `target`)."""
        source = data if data is not None else asked if asked is not None else {}
        self.shape, self.trouble = _shape(source)
        super().__init__(data, initial={key: source[key] for key in ("type", "command", "target") if source.get(key)})
        self.fields["target"].label = self.shape.target or "Target"
        if not self.shape.target:
            del self.fields["target"]
        if not expects:
            del self.fields["expectation"]

    @property
    def groups(self) -> list[tuple[str, list[tuple[shapes.Field, str, str]]]]:
        """The fields with what was typed into each and what is wrong with it."""
        return [
            (title, [(one, str(self.data.get(PREFIX + one.name, "")), self._wrong(one.name)) for one in fields])
            for title, fields in self.shape.groups
        ]

    def clean(self) -> dict[str, Any]:
        """Puts the event together; complaints name their field."""
        data = super().clean() or {}
        if self.trouble:
            raise forms.ValidationError(f"{self.trouble}.")
        fields = dict(self.shape.defaults)
        for name, text in [*self._typed(), *_further(str(data.get("more", "")))]:
            fields[name] = None if text == NO_VALUE else text
        self.wrong = {}
        for name in [*fields]:
            try:
                normalise({name: fields[name]})
            except EventError as error:
                self.wrong[error.field or name] = error.message
        if self.wrong:
            raise forms.ValidationError([f"{name}: {why}." for name, why in self.wrong.items()])
        if any("\x00" in str(value) for value in fields.values()):
            raise forms.ValidationError("A value holds a NUL character, which cannot be kept.")
        name = str(data.get("name") or fields.get("proc.cmdline") or self.shape.type)
        self.made = ParsedEvent(name[:120], dict(sorted(fields.items())))
        return data

    def _typed(self) -> list[tuple[str, str]]:
        known = {one.name for _, fields in self.shape.groups for one in fields}
        typed = ((key.removeprefix(PREFIX), str(value).strip()) for key, value in self.data.items())
        return [(name, text[:LONGEST]) for name, text in typed if name in known and text]

    def _wrong(self, name: str) -> str:
        return self.wrong.get(name, "")


def _shape(source: Any) -> tuple[shapes.Shape, str]:
    """What the form shows; for what cannot be spelled the plain shape of the type, and why."""
    choice = str(source.get("type") or "run")
    choice = choice if shapes.known(choice) else "run"
    command, target = str(source.get("command") or "")[:LONGEST], str(source.get("target") or "")[:LONGEST]
    try:
        return shapes.shape(choice, command, target), ""
    except EventSpellingError as error:
        return shapes.shape(choice, "bash"), str(error).capitalize()


def _further(text: str) -> list[tuple[str, str]]:
    """`field = value` lines. Raises ValidationError with every line that is none."""
    found, bad = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        name, sign, value = line.partition("=")
        if sign and "." in name.strip() and len(name.strip()) < 200:
            found.append((name.strip(), value.strip()))
        elif line.strip():
            bad.append(f"Line {number} of the further fields: write it as field = value, such as proc.vpid = 1.")
    if bad:
        raise forms.ValidationError(bad[:10])
    return found
