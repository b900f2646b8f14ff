"""The fixes that findings bring, carried out on a draft's content: one, or all that cannot change what fires."""

from __future__ import annotations

from dataclasses import replace

from rules_export.findings import Finding
from rules_export.language.escapes import from_bytes_text, to_bytes_text
from rules_export.lints.registry import lints
from rules_export.lints.runner import text_of
from rules_export.ruleset.model import Rule
from studio.authoring.content import RuleContent, to_rule
from studio.authoring.edits import Edit, touch
from studio.authoring.judging import catalogue_digest, judge
from studio.authoring.waivers import NOTHING, Off, counted

#: Findings whose fix leaves the events on which the rule fires, its name, its tags and the fields of its alert.
SAFE = frozenset(one.code for one in lints() if one.safe)
#: Fixes made at one click; each may bring out another finding.
MOST = 40


def is_safe(finding: Finding) -> bool:
    """Whether `fix_safe` carries out its fix."""
    return finding.fix is not None and finding.code in SAFE


def replaced(finding: Finding, rule: Rule) -> str:
    """The text that the fix would replace."""
    if finding.fix is None:
        return ""
    data, span = to_bytes_text(text_of(rule, finding.place)), finding.fix.span
    return from_bytes_text(data[span.start.offset : span.end.offset])


def fix_one(code: str, offset: int) -> Edit:
    """Carry out the fix of the finding with this code that begins at this byte; nothing where it is gone."""

    def apply(content: RuleContent) -> RuleContent:
        found = (item for item in _fixable(content) if item.code == code and _offset(item) == offset)
        return _fixed(content, next(found, None))

    return Edit(f"Fix {code}"[:120], apply)


def fix_safe(off: Off = NOTHING) -> Edit:
    """Carry out every safe fix, also those that come to light by it; not of the lints that are switched off."""

    def apply(content: RuleContent) -> RuleContent:
        for _ in range(MOST):
            after = _fixed(content, next(filter(is_safe, counted(_fixable(content), content, off)), None))
            if after == content:
                break
            content = after
        return content

    return Edit("Make all safe fixes", apply)


def key(finding: Finding) -> str:
    """How a button names a finding: `CODE@byte`."""
    return f"{finding.code}@{_offset(finding)}"


def _fixable(content: RuleContent) -> list[Finding]:
    return [item for item in judge(to_rule(content), catalogue_digest()) if item.fix is not None]


def _offset(finding: Finding) -> int:
    return finding.fix.span.start.offset if finding.fix else 0


def _fixed(content: RuleContent, finding: Finding | None) -> RuleContent:
    if finding is None or finding.fix is None:
        return content
    place, span = finding.place, finding.fix.span
    data = to_bytes_text(text_of(to_rule(content), place))
    text = from_bytes_text(data[: span.start.offset] + to_bytes_text(finding.fix.replacement) + data[span.end.offset :])
    if place == "tags":
        tags = tuple(tag for part in text.split(",") if (tag := part.strip()))
        return touch(replace(content, tags=tags), "tags", tags)
    if place == "condition":
        return replace(content, condition=text)
    if place == "priority":
        return replace(content, priority=text)
    if place in ("name", "desc", "output"):
        return touch(replace(content, **{place: text}), place, text)  # type: ignore[arg-type]
    return content
