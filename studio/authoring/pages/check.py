"""The last step: Falco's verdict, the lab's numbers, and whether the rule is ready."""

from __future__ import annotations

from typing import Any

from rules_export.findings import Severity
from studio.authoring.pages.subject import Subject
from studio.authoring.steps import BY_SLUG, missing, step_of
from studio.lab.running import run


def context(subject: Subject) -> dict[str, Any]:
    """findings with their steps by severity, what is missing with its step, and the outcomes that surprise first."""
    exam = subject.exam
    lacks = [(BY_SLUG[slug], need) for slug, need in missing(subject.content).items()]
    outcomes = sorted(run(exam.rule, exam.samples).outcomes, key=lambda item: item.as_expected)
    return {
        "falco_findings": [(item, step_of(item.place)) for item in exam.findings if not item.code.startswith("MEWS_")],
        "studio_findings": [(item, step_of(item.place)) for item in exam.findings if item.code.startswith("MEWS_")],
        "errors": sum(1 for item in exam.findings if item.severity is Severity.ERROR),
        "warnings": sum(1 for item in exam.findings if item.severity is Severity.WARNING),
        "missing": lacks,
        "outcomes": outcomes,
    }
