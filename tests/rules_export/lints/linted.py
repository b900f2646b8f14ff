"""What the tests of the lints share: a library to know, the codes of findings, a rule with a fix carried out."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from rules_export.findings import Finding
from rules_export.lints import explanations
from rules_export.lints.runner import LintContext
from rules_export.ruleset.model import Rule

ROOT = Path(__file__).parents[3]
CASES = Path(os.environ.get("MEWS_SHARED", ROOT.parent / "shared")) / "conformance"
LIBRARY = LintContext.of_library({"T1490": ("impact",), "T1562.001": ("defense-impairment",)})


def codes(findings: list[Finding]) -> list[str]:
    """The codes of findings, in their order."""
    return [finding.code for finding in findings]


def repaired(rule: Rule, finding: Finding) -> Rule:
    """The rule with the finding's fix carried out."""
    assert finding.fix is not None
    text = explanations.repaired(rule, finding)
    return replace(rule, **{finding.place: tuple(text.split(", ")) if finding.place == "tags" else text})
