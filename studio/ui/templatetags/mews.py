"""Template tags of the house, loaded in every template."""

from __future__ import annotations

import json
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from studio.ui.forms import input_kind as kind_of
from studio.ui.forms import render_input

register = template.Library()

LEVEL_ICONS = {"success": "circle-check", "warning": "alert-triangle", "error": "alert-circle", "info": "info-circle"}

# htmx evaluates nothing and adds no style (the CSP would refuse both); refused forms and conflicts are shown.
HTMX_CONFIG = {
    "allowEval": False,
    "allowScriptTags": False,
    "includeIndicatorStyles": False,
    "selfRequestsOnly": True,
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    "timeout": 30000,
    "defaultSettleDelay": 0,  # the focus comes back in the moment of the swap
    "attributesToSettle": ["class", "width", "height"],
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "409|422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A Tabler icon from the sprite; without a label it is decoration that screen readers pass over."""
    href = f"{static('dist/icons.svg')}#{name}"
    css = f"icon {css}".strip()
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', css, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', css, href)


@register.simple_tag
def level_icon(level: str) -> SafeString:
    """The icon of a severity or message level; an unknown level gets the one of information."""
    return icon(LEVEL_ICONS.get(str(level), "info-circle"))


@register.simple_tag
def htmx_config() -> str:
    """htmx's settings as JSON, for the meta element."""
    return json.dumps(HTMX_CONFIG)


@register.simple_tag
def styled(field: forms.BoundField) -> SafeString:
    """The field's input with Tabler's class; its help and errors are named by aria-describedby."""
    return render_input(field)


@register.filter
def input_kind(field: forms.BoundField) -> str:
    """ "check" for one box, "group" for several choices shown at once, else "line"."""
    return kind_of(field.field.widget)


@register.simple_tag
def error_count(form: forms.BaseForm) -> str:
    """How many things are to be corrected, in words."""
    count = sum(len(errors) for errors in form.errors.values())
    return "One thing needs your attention" if count == 1 else f"{count} things need your attention"


@register.simple_tag
def when(moment: Any) -> SafeString | str:
    """How long ago, with the exact time (UTC) on hover; nothing for None."""
    if not moment:
        return ""
    seconds = (timezone.now() - moment).total_seconds()
    words = "just now" if 0 <= seconds < 60 else f"{timesince(moment, depth=1)} ago"
    if seconds < 0:
        words = f"in {timesince(timezone.now(), moment, depth=1)}"
    exact = moment.strftime("%Y-%m-%d %H:%M:%S UTC")
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, words)


@register.simple_tag(takes_context=True)
def page_url(context: RequestContext, number: int) -> str:
    """This page's address with another page number; the other parameters stay."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_with(context: RequestContext, **changes: Any) -> str:
    """This page's address with parameters changed (None or "" takes one away) and back on the first page."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | None]:
    """Numbers to show: first, last and the neighbourhood; None stands for a gap."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]
