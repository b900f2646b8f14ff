"""The parameters of a behaviour as a form, and the form of "describe your own"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from studio.behaviours.parameters import ParameterError, read
from studio.behaviours.records import Behaviour, Parameter
from studio.behaviours.shell import LONGEST_TEXT
from studio.behaviours.templatetags.behaviours import lines

PREFIX = "p"


class ParameterField(forms.CharField):
    """One parameter: a line, or an area with one value on each line."""

    def __init__(self, parameter: Parameter) -> None:
        self.parameter = parameter
        shown = lines(parameter.default)
        area = forms.Textarea(
            attrs={"rows": min(6, shown.count("\n") + 1), "class": "font-monospace", "spellcheck": "false"}
        )
        line = forms.TextInput(attrs={"class": "font-monospace", "spellcheck": "false", "autocomplete": "off"})
        hint = f"One on each line. {parameter.help}" if parameter.kind.is_list else parameter.help
        super().__init__(
            label=parameter.label,
            initial=shown,
            help_text=hint.strip(),
            widget=area if parameter.kind.is_list else line,
            max_length=30_000,
        )

    def clean(self, value: Any) -> Any:
        """The checked value. Raises ValidationError in the parameter's own words."""
        try:
            return read(self.parameter, super().clean(value))
        except ParameterError as error:
            raise forms.ValidationError(str(error)) from error


class ParameterForm(forms.Form):
    """Every parameter of a behaviour and the choice among its variants; names begin with `p-`."""

    def __init__(self, behaviour: Behaviour, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=PREFIX)
        self.behaviour = behaviour
        for parameter in behaviour.parameters:
            self.fields[parameter.name] = ParameterField(parameter)
        if behaviour.variants:
            choices = [("", "As described"), *((v.id, f"{v.kind.capitalize()}: {v.title}") for v in behaviour.variants)]
            self.fields["variant"] = forms.ChoiceField(label="Reach", choices=choices, required=False)

    def clause(self) -> str:
        """The clause with what was entered; the one as described where nothing or something unusable was entered."""
        if not self.is_bound or not self.is_valid():
            return self.behaviour.clause()
        values = dict(self.cleaned_data)
        variant = values.pop("variant", "") or None
        try:
            return self.behaviour.clause(values, variant)
        except ParameterError as error:
            self.add_error(error.parameter if error.parameter in self.fields else None, str(error))
            return self.behaviour.clause()


class DescribeForm(forms.Form):
    """A pasted command line, script or Falco alerts."""

    text = forms.CharField(
        label="Command line, script or alerts",
        help_text="Any of: one command, a whole shell script, Falco's alerts as JSON or as text. At most 64 KiB.",
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 8,
                "class": "font-monospace",
                "spellcheck": "false",
                "placeholder": "sudo sh -c 'rm -rf /backup/*'",
            }
        ),
    )
