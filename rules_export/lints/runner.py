"""The studio's own lints over one rule: what Falco would load but a careful author would change."""

from __future__ import annotations

from itertools import islice

from rules_export.errors import ConditionSyntaxError
from rules_export.findings import Finding, Fix
from rules_export.language.cursor import position
from rules_export.language.escapes import from_bytes_text, to_bytes_text
from rules_export.language.extent import span_of
from rules_export.language.parser import parse
from rules_export.lints.context import LintContext, Subject
from rules_export.lints.fixes import made
from rules_export.lints.registry import Lint, Remark, lints
from rules_export.ruleset.model import Rule
from rules_export.spans import Span

__all__ = ["LintContext", "studio_checks", "text_of"]


#: Findings of one lint on one rule; who mends these sees the next.
MOST = 100
#: Characters of conditions with a fix in them that are read to see whether it leaves a condition. Findings on very long
#: conditions that come later bring no fix.
MOST_READ = 400_000


class _Reader:
    """Tells whether conditions are still ones with a fix in them, until it has read enough."""

    def __init__(self) -> None:
        self.left = MOST_READ

    def parses(self, text: str, span: Span, replacement: str) -> bool:
        """Oddly spaced text may need its old parentheses."""
        data = to_bytes_text(text)
        fixed = data[: span.start.offset] + to_bytes_text(replacement) + data[span.end.offset :]
        self.left -= len(fixed)
        if self.left < 0:
            return False
        try:
            parse(from_bytes_text(fixed))
        except ConditionSyntaxError:
            return False
        return True


def studio_checks(rule: Rule, context: LintContext | None = None) -> list[Finding]:
    """The findings on `rule`, family by family. A condition that does not parse is left to Falco's own checks."""
    subject, reader = Subject(rule, context or LintContext()), _Reader()
    return [_finding(lint, remark, rule, reader) for lint in lints() for remark in islice(lint.run(subject), MOST)]


def _finding(lint: Lint, remark: Remark, rule: Rule, reader: _Reader) -> Finding:
    text = text_of(rule, lint.place)
    span = span_of(text, remark.at) if remark.at is not None else None
    fix = _fix(lint, remark, rule, reader)
    return Finding(lint.code, lint.severity, remark.message, lint.place, rule.name, span, lint.hint, fix)


def _fix(lint: Lint, remark: Remark, rule: Rule, reader: _Reader) -> Fix | None:
    text = text_of(rule, lint.place)
    if lint.place == "tags" and any("," in tag for tag in rule.tags):
        return None  # joined by commas, such a tag would be taken for two
    if remark.change is not None:
        found = made(remark.change, text)
        if found is None:
            return None
        span: Span | None = Span(position(text, found[0]), position(text, found[1]))
        replacement = found[2]
    elif remark.replacement is None:
        return None
    else:
        replacement, replaced = remark.replacement, remark.fix_at or remark.at
        whole = Span(position(text, 0), position(text, len(to_bytes_text(text))))
        span = whole if replaced is None else span_of(text, replaced)
    if span is None or (lint.place == "condition" and not reader.parses(text, span, replacement)):
        return None
    return Fix(remark.fix, span, from_bytes_text(replacement) if remark.change is not None else replacement)


def text_of(rule: Rule, place: str) -> str:
    """The text of a part of a rule, which the spans of findings and fixes count in."""
    texts = {
        "condition": rule.condition,
        "output": rule.output,
        "name": rule.name,
        "desc": rule.desc,
        "priority": rule.priority,
        "tags": ", ".join(rule.tags),
    }
    return texts.get(place, "")
