"""Findings that are switched off, for one rule or for the team: out of every count, and still to be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from rules_export.findings import Finding
from rules_export.lints.registry import known
from studio.authoring.content import RuleContent, Waiver
from studio.authoring.edits import Edit
from studio.lints.models import LONGEST_REASON, SwitchedOff

Off = Mapping[str, SwitchedOff]
NOTHING: Off = {}


@dataclass(frozen=True, slots=True)
class Waived:
    """A lint that does not count: its title, why, who said so and when (2026-12-31).

    of_team: for all rules of the team. findings: what it says of the rule all the same.
    """

    code: str
    title: str
    reason: str
    by: str
    on: str
    of_team: bool
    findings: tuple[Finding, ...] = ()


def sift(
    findings: Iterable[Finding], content: RuleContent, off: Off = NOTHING
) -> tuple[tuple[Finding, ...], tuple[Waived, ...]]:
    """The findings that count, and what is switched off: all that the rule waives, of the team's what it hides here."""
    findings = tuple(findings)
    waived = [_of_rule(one, findings) for one in content.waivers if known(one.code)]
    mine = {one.code for one in waived}
    waived += [one for code, row in off.items() if code not in mine and (one := _of_team(row, findings)).findings]
    hidden = {one.code for one in waived}
    return tuple(item for item in findings if item.code not in hidden), tuple(waived)


def counted(findings: Iterable[Finding], content: RuleContent, off: Off = NOTHING) -> list[Finding]:
    """The findings that count."""
    return list(sift(findings, content, off)[0])


def waive(code: str, reason: str, by: str, on: date) -> Edit:
    """Switch a lint off for the rule; again with another reason replaces the reason."""

    def apply(content: RuleContent) -> RuleContent:
        kept = tuple(one for one in content.waivers if one.code != code)
        waiver = Waiver(code, reason.strip()[:LONGEST_REASON], by[:150], on.isoformat())
        return replace(content, waivers=tuple(sorted((*kept, waiver), key=lambda one: one.code)))

    return Edit(f"Switch {code} off: {reason}"[:120], apply)


def unwaive(code: str) -> Edit:
    """Switch it on again."""

    def apply(content: RuleContent) -> RuleContent:
        return replace(content, waivers=tuple(one for one in content.waivers if one.code != code))

    return Edit(f"Switch {code} on again"[:120], apply)


def _of_rule(one: Waiver, findings: tuple[Finding, ...]) -> Waived:
    return Waived(one.code, _title(one.code), one.reason, one.by, one.on, False, _said(one.code, findings))


def _of_team(row: SwitchedOff, findings: tuple[Finding, ...]) -> Waived:
    by, on = row.by.name, row.at.date().isoformat()
    return Waived(row.code, _title(row.code), row.reason, by, on, True, _said(row.code, findings))


def _said(code: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(item for item in findings if item.code == code)


def _title(code: str) -> str:
    lint = known(code)
    return lint.title if lint else code
