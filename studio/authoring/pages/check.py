"""The last step: Falco's verdict, the lab's numbers, and whether the rule is ready."""

from __future__ import annotations

from typing import Any

from rules_export.errors import EmitError
from rules_export.findings import Finding, Severity
from rules_export.write.bundle import bundle
from studio.authoring import expiry
from studio.authoring.examination import Examination
from studio.authoring.pages.subject import Subject
from studio.authoring.steps import BY_SLUG, missing, step_of
from studio.behaviours.own import queries as own
from studio.lab.noise import culprits
from studio.lab.running import run
from studio.verdicts import falco
from studio.verdicts.models import FalcoCheck
from studio.verdicts.services import asked


def context(subject: Subject) -> dict[str, Any]:
    """findings with their steps, what is missing with its step, outcomes that surprise first, and Falco's answer."""
    exam = subject.exam
    lacks = [(BY_SLUG[slug], need) for slug, need in missing(subject.content).items()]
    outcomes = sorted(run(exam.rule, exam.samples).outcomes, key=lambda item: item.as_expected)
    return {
        "falco_findings": [(item, step_of(item.place)) for item in exam.findings if not item.code.startswith("MEWS_")],
        "studio_findings": [(item, step_of(item.place)) for item in exam.findings if item.code.startswith("MEWS_")],
        "errors": sum(1 for item in exam.findings if item.severity is Severity.ERROR),
        "warnings": sum(1 for item in exam.stopping if item.severity is Severity.WARNING),
        "tolerated": sum(1 for item in exam.findings if _is_tolerated(item, exam)),
        "missing": lacks,
        "due": expiry.due(subject.content.exceptions),
        "falco_here": falco.binary() is not None,
        "falco_check": asked_falco(exam),
        "outcomes": outcomes,
        "culprits": culprits(exam.lab.ordinary),
        "unapproved_behaviours": [
            one for one in own.rows(each.id for each in subject.content.behaviours) if not own.is_approved(one)
        ],
        "unproven": exam.unproven if subject.draft.team.samples_required else (),
    }


def _is_tolerated(finding: Finding, exam: Examination) -> bool:
    """Whether Falco warns of it, and the rule goes out all the same."""
    falcos = not finding.code.startswith("MEWS_")
    return falcos and finding.severity is Severity.WARNING and finding not in exam.stopping


def asked_falco(exam: Examination) -> FalcoCheck | None:
    """What a real Falco says of the rule with all that it needs; it is asked once for each text, when nothing lacks."""
    if falco.binary() is None or not exam.ready:
        return None
    try:
        text = bundle([exam.rule], mode="standalone").text
    except EmitError:
        return None
    return asked([falco.RulesFile("falco_rules.local.yaml", text)], loads=exam.loads)
