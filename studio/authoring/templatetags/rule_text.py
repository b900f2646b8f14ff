"""How a rule's texts are shown: YAML with its keys marked, findings as the editor takes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from rules_export.findings import Finding, Severity
from rules_export.ruleset.model import Rule
from studio.authoring import fixes

register = template.Library()

_KEYS = (
    "rule|desc|condition|enabled|output|priority|tags|exceptions|name|fields|comps|values|source|warn_evttypes"
    "|skip-if-unknown-filter|capture|capture_duration"
)
_KEY = re.compile(rf"^(\s*(?:- )?)({_KEYS})(?=:)", re.MULTILINE)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


@register.filter
def marked_yaml(text: str) -> SafeString:
    """A rule's YAML with its keys in `<b>`; everything else is escaped."""
    return mark_safe(_KEY.sub(r"\1<b>\2</b>", conditional_escape(text)))  # noqa: S308 (escaped just before)


@register.filter
def for_editor(findings: Iterable[Finding]) -> str:
    """Findings with a place, as JSON for <mews-editor>."""
    return json.dumps(placed(findings))


def placed(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings with a place as the editor takes them: byte offsets, severity, message, code."""
    return [
        {
            "from": span.start.offset,
            "to": span.end.offset,
            "severity": _LEVELS.get(item.severity, "info"),
            "message": f"{item.message} {item.hint}".strip(),
            "code": item.code,
        }
        for item in findings
        if (span := item.span)
    ]


@register.filter
def fix_key(finding: Finding) -> str:
    """How a button names the finding whose fix it carries out."""
    return fixes.key(finding)


@register.filter
def fix_replaces(finding: Finding, rule: Rule) -> str:
    """The text that the finding's fix would replace."""
    return fixes.replaced(finding, rule)


@register.filter
def is_safe(finding: Finding) -> bool:
    """Whether "Make safe fixes" carries out its fix."""
    return fixes.is_safe(finding)


@register.filter
def safe_fixes(findings: Iterable[Finding]) -> int:
    """How many of the findings have a fix that cannot change what fires."""
    return sum(map(fixes.is_safe, findings))
