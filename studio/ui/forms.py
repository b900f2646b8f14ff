"""Forms in our look: labels, help and errors tied to their inputs, the same everywhere."""

from __future__ import annotations

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString


class MewsRenderer(TemplatesSetting):
    """Renders forms and fields from templates/forms/."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


def input_kind(widget: forms.Widget) -> str:
    """ "check" for one box, "group" for several choices shown at once, else "line"."""
    if isinstance(widget, (forms.CheckboxSelectMultiple, forms.RadioSelect)):
        return "group"
    return "check" if isinstance(widget, forms.CheckboxInput) else "line"


def input_class(widget: forms.Widget) -> str:
    """Tabler's class for a widget."""
    if input_kind(widget) != "line":
        return "form-check-input"
    return "form-select" if isinstance(widget, (forms.Select, forms.SelectMultiple)) else "form-control"


def render_input(field: forms.BoundField) -> SafeString:
    """The input alone with its class; Django adds aria-invalid and aria-describedby (the ids that field.html gives)."""
    css = [
        field.field.widget.attrs.get("class", ""),
        input_class(field.field.widget),
        "is-invalid" * bool(field.errors),
    ]
    return field.as_widget(attrs={"class": " ".join(filter(None, css))})
