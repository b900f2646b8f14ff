"""Template tags of the house, loaded in every template."""

from __future__ import annotations

from django import forms, template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from studio.ui.forms import input_class

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A Tabler icon from the sprite; without a label it is decoration that screen readers pass over."""
    href = f"{static('dist/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon {}" role="img" aria-label="{}"><use href="{}"></use></svg>', css, label, href
        )
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}"></use></svg>', css, href)


@register.simple_tag
def styled(field: forms.BoundField) -> SafeString:
    """The field's input with Tabler's class, its state and the ids of its help and errors."""
    css = [field.field.widget.attrs.get("class", ""), input_class(field.field.widget), "is-invalid" * bool(field.errors)]
    return field.as_widget(attrs={"class": " ".join(filter(None, css))})
