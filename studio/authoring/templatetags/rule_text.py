"""How a rule's texts are shown: YAML with its keys marked, findings as the editor takes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from rules_export.findings import Finding, Severity

register = template.Library()

_KEYS = "rule|desc|condition|enabled|output|priority|tags|exceptions|name|fields|comps|values|source|warn_evttypes"
_KEY = re.compile(rf"^(\s*(?:- )?)({_KEYS})(?=:)", re.MULTILINE)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


@register.filter
def marked_yaml(text: str) -> SafeString:
    """A rule's YAML with its keys in `<b>`; everything else is escaped."""
    return mark_safe(_KEY.sub(r"\1<b>\2</b>", conditional_escape(text)))  # noqa: S308 (escaped just before)


@register.filter
def for_editor(findings: Iterable[Finding]) -> str:
    """Findings with a place, as JSON for <mews-editor>: byte offsets, severity, message."""
    placed = [(item, item.span) for item in findings if item.span]
    return json.dumps(
        [
            {
                "from": span.start.offset,
                "to": span.end.offset,
                "severity": _LEVELS.get(item.severity, "info"),
                "message": f"{item.message} {item.hint}".strip(),
                "code": item.code,
            }
            for item, span in placed
        ]
    )
