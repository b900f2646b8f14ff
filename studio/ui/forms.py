"""Forms in our look: labels, help and errors tied to their inputs, the same everywhere."""

from __future__ import annotations

from django import forms
from django.forms.renderers import TemplatesSetting


class MewsRenderer(TemplatesSetting):
    """Renders forms and fields from templates/forms/."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


def input_class(widget: forms.Widget) -> str:
    """Tabler's class for a widget."""
    if isinstance(widget, (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect)):
        return "form-check-input"
    if isinstance(widget, (forms.Select, forms.SelectMultiple)):
        return "form-select"
    return "form-control"
