"""Posted events, and what is expected of them."""

from __future__ import annotations

from django import forms

from studio.lab import events
from studio.lab.models import Expectation

#: Characters of one paste.
MOST = 2_000_000


def read_some(text: str) -> events.Paste:
    """The events of a text. Raises ValidationError with every bad line where there is not one event."""
    paste = events.read(text)
    if not paste.events:
        complaints = [f"Line {bad.number}: {bad.why}" for bad in paste.bad[:20]]
        raise forms.ValidationError(complaints or ["There is no event."])
    return paste


class PasteForm(forms.Form):
    """Events as JSON Lines. After validation `paste` holds events and bad lines; without any event it is invalid."""

    lines = forms.CharField(
        label="Events, one JSON object a line",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "font-monospace"}),
        max_length=MOST,
        help_text="Bare fields, or Falco's own alerts as it prints them with json_output.",
    )
    expectation = forms.ChoiceField(
        label="The rule", choices=Expectation.choices, initial=Expectation.MATCH, widget=forms.RadioSelect
    )

    paste: events.Paste = events.Paste()

    def clean_lines(self) -> str:
        """Reads the lines; a paste without one good line is refused."""
        self.paste = read_some(str(self.cleaned_data["lines"]))
        return str(self.cleaned_data["lines"])

    def with_bad_lines(self, kept: int) -> PasteForm:
        """A form that shows only the lines that were not taken, and why."""
        numbers = {bad.number for bad in self.paste.bad}
        lines = [line for number, line in enumerate(self.cleaned_data["lines"].splitlines(), 1) if number in numbers]
        form = PasteForm({"lines": "\n".join(lines), "expectation": self.cleaned_data["expectation"]})
        form.full_clean()
        form.errors["lines"] = form.error_class(
            [f"{kept} kept. These lines were not:", *(f"Line {bad.number}: {bad.why}" for bad in self.paste.bad)]
        )
        return form


class TryForm(forms.Form):
    """A condition, an output, and events to try them on."""

    condition = forms.CharField(
        label="Condition",
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "font-monospace"}),
        help_text="Macros and lists of the studio's library may be used by name.",
    )
    output = forms.CharField(
        label="Output",
        max_length=4000,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false", "class": "font-monospace", "autocomplete": "off"}),
    )
    lines = forms.CharField(
        label="Events, one JSON object a line",
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "font-monospace"}),
        help_text="Bare fields, or Falco's own alerts as it prints them with json_output.",
    )

    paste: events.Paste = events.Paste()

    def clean_lines(self) -> str:
        """Reads the lines; without one good line there is nothing to try."""
        self.paste = read_some(str(self.cleaned_data["lines"]))
        return str(self.cleaned_data["lines"])


class EventForm(forms.Form):
    """What to do with one kept event."""

    do = forms.ChoiceField(choices=[*Expectation.choices, ("remove", "Remove"), ("rename", "Rename")])
    name = forms.CharField(max_length=120, required=False)

    def clean(self) -> dict[str, object]:
        """A new name is not empty."""
        data = super().clean() or {}
        if data.get("do") == "rename" and not data.get("name"):
            raise forms.ValidationError("An event needs a name.")
        return data
