"""The way from a finding to the explanation of its code."""

from __future__ import annotations

from django import template
from django.urls import reverse

from rules_export.checks.registry import known

register = template.Library()


@register.filter
def lint_page(code: object) -> str:
    """The address of the page that explains this code; "" for a code that is none of the studio's."""
    return reverse("lints:page", args=[code]) if isinstance(code, str) and known(code) else ""


@register.filter
def get_row(rows: dict[str, object], code: str) -> object:
    """What a mapping holds under a code; None for nothing."""
    return rows.get(code)
