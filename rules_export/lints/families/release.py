"""Whether the releases of Falco that a rule is meant for can load it."""

from __future__ import annotations

from collections.abc import Iterator

from rules_export.catalog import versions
from rules_export.falco_checks.requirements import Requirement, impossible, rule_needs
from rules_export.findings import Severity
from rules_export.lints.context import Subject
from rules_export.lints.registry import Remark, lint

_EXEC = "evt.type in (execve, execveat) and "


def _needs(subject: Subject) -> tuple[Requirement, ...]:
    return rule_needs(subject.rule, subject.context.macros)


@lint(
    "MEWS_RELEASE_TOO_OLD",
    Severity.WARNING,
    "The rule needs a newer Falco than the one it is meant for",
    hint="Write it without what is new, or raise the oldest release that you support.",
    bad={"condition": _EXEC + "proc.name startswith anyof (systemctl, service)"},
    good={"condition": _EXEC + "(proc.name startswith systemctl or proc.name startswith service)"},
)
def release_too_old(subject: Subject) -> Iterator[Remark]:
    if not subject.context.target:
        return
    target = versions.release(subject.context.target)
    for one in _needs(subject):
        if versions.numbers(one.engine) > versions.numbers(target.engine):
            yield Remark(f"Falco {target.falco} is too old: {one.reason}.")


@lint(
    "MEWS_RELEASE_TOO_NEW",
    Severity.WARNING,
    "The rule needs what newer Falcos no longer have",
    hint="Write it without what went: the newest Falco refuses the rule.",
    bad={"condition": _EXEC + "proc.name = systemctl and syslog.message contains rescue"},
    good={"condition": _EXEC + "proc.name = systemctl and proc.cmdline contains rescue"},
)
def release_too_new(subject: Subject) -> Iterator[Remark]:
    needs = _needs(subject)
    never = impossible(needs)
    for one in needs:
        if one.removed:
            more = " No release has it together with what else the rule needs." if one in never else ""
            yield Remark(f"The {one.reason}.{more}")
