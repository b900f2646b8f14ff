"""Posted events, and what is expected of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from rules_export.ruleset.model import Rule
from studio.lab import events, rule_text
from studio.lab.known_rules import APPROVED, KnownRule
from studio.lab.models import Expectation

#: Characters of one paste.
MOST = 2_000_000
#: Bytes of an uploaded file of events, and of a capture.
LARGEST_EVENTS, LARGEST_CAPTURE = 256 * 1024**2, 128 * 1024**2


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
    """A condition or rules, an output, and events to try them on. After validation `rules` and `paste` hold them."""

    condition = forms.CharField(
        label="Condition, or rules as YAML",
        max_length=rule_text.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "font-monospace"}),
        help_text="Built-in macros and lists and your team's may be used by name; YAML may bring its own.",
    )
    output = forms.CharField(
        label="Output of a bare condition",
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

    ordinary = forms.BooleanField(
        label="Also try a day of ordinary life",
        required=False,
        help_text="More than 3,000 events of hosts and containers on which nobody attacks: how noisy is it?",
    )

    paste: events.Paste = events.Paste()
    rules: list[Rule] = []

    def clean(self) -> dict[str, Any]:
        """Reads the rules."""
        data = super().clean() or {}
        if data.get("condition"):
            try:
                self.rules = rule_text.read_rules(str(data["condition"]), str(data.get("output") or ""))
            except rule_text.RuleTextError as refused:
                self.add_error("condition", list(refused.reasons))
        return data

    def clean_lines(self) -> str:
        """Reads the lines; without one good line there is nothing to try."""
        self.paste = read_some(str(self.cleaned_data["lines"]))
        return str(self.cleaned_data["lines"])


class UploadForm(forms.Form):
    """A file of events and the rules to try on it: one of the team's, all approved ones, or a pasted text.

    After validation `rules` holds them.
    """

    upload = forms.FileField(
        label="File", max_length=200, help_text="JSON Lines: one event or alert of Falco on each line."
    )
    rule = forms.ChoiceField(label="Rule", required=False)
    text = forms.CharField(
        label="Or a condition, or rules as YAML",
        max_length=rule_text.LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "font-monospace"}),
    )

    rules: list[KnownRule] = []
    #: The largest file, in bytes.
    largest = LARGEST_EVENTS

    def __init__(self, *args: Any, known: list[KnownRule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {one.key: one for one in known}
        approved = [one for one in known if one.kind == APPROVED]
        drafts = [one for one in known if one.kind != APPROVED]
        groups: list[Any] = [("", "What is pasted below")]
        if approved:
            groups.append(("all", f"All approved rules ({len(approved)})"))
        for title, rules in (("Approved rules", approved), ("Drafts", drafts)):
            if rules:
                groups.append((title, [(one.key, one.name or "Untitled rule") for one in rules]))
        field = self.fields["rule"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = groups

    def clean_upload(self) -> UploadedFile[bytes]:
        """A file that is neither empty nor too large."""
        upload: UploadedFile[bytes] = self.cleaned_data["upload"]
        if (upload.size or 0) > self.largest:
            raise forms.ValidationError(f"The file is larger than {self.largest // 1024**2} MiB. Split it.")
        return upload

    def clean(self) -> dict[str, Any]:
        """Finds the rules."""
        data = super().clean() or {}
        chosen = str(data.get("rule") or "")
        if chosen == "all":
            self.rules = [one for one in self.known.values() if one.kind == APPROVED]
        elif chosen in self.known:
            self.rules = [self.known[chosen]]
        elif "rule" in data:
            try:
                self.rules = rule_text.known(rule_text.read_rules(str(data.get("text") or "")))
            except rule_text.RuleTextError as refused:
                self.add_error("text", list(refused.reasons))
        return data


class CaptureForm(UploadForm):
    """The same for a capture that the real Falco reads."""

    largest = LARGEST_CAPTURE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = "A capture file (.scap) as written by sysdig, falco or falcoctl."


class KeepForm(forms.Form):
    """Which examples of a run to keep, and what the rule must do with them."""

    expectation = forms.ChoiceField(
        label="The rule", choices=Expectation.choices, initial=Expectation.NO_MATCH, widget=forms.RadioSelect
    )


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
