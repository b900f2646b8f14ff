"""The way from a finding to the explanation of its code."""

from __future__ import annotations

import re

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from rules_export.lints.registry import known

register = template.Library()

_TICKS = re.compile(r"`([^`\n]{1,2000})`")


@register.filter
def lint_page(code: object) -> str:
    """The address of the page that explains this code; "" for a code that is none of the studio's."""
    return reverse("lints:page", args=[code]) if isinstance(code, str) and known(code) else ""


@register.filter
def ticked(text: object) -> SafeString:
    """A sentence of the engine with what stands between backticks as code; everything is escaped."""
    return mark_safe(_TICKS.sub(r"<code>\1</code>", conditional_escape(str(text))))  # noqa: S308 (escaped just before)


@register.filter
def get_row(rows: dict[str, object], code: str) -> object:
    """What a mapping holds under a code; None for nothing."""
    return rows.get(code)
