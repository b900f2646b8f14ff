"""What can be said of a draft as it stands: its YAML, the findings, and what it does with the sample events.

The engine's part depends on the content alone and is remembered by it, so that looking again costs nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rules_export.errors import EmitError
from rules_export.falco_checks.requirements import Requirement, lowest, rule_needs
from rules_export.findings import Finding, Severity
from rules_export.ruleset.model import Rule
from rules_export.write.rule_yaml import to_yaml
from studio.authoring import facts, samples
from studio.authoring.content import RuleContent, from_json, to_json, to_rule
from studio.authoring.judging import FALCO, catalogue_digest, judge, off_by_default
from studio.authoring.steps import STEPS, Step, missing, step_of
from studio.authoring.waivers import NOTHING, Off, Waived, sift
from studio.lab.compiled import condition_text, library
from studio.lab.results import LabResult, Sample
from studio.lab.running import run


@dataclass(frozen=True, slots=True)
class Examination:
    """All of it. `compiled`: the condition with its exceptions as Falco builds it. `lacks`: what is missing.

    `off_by_default`: event types of the condition that Falco does not watch unless told to. `falco`: the release whose
    rules the verdict follows. `waived`: the lints that are switched off; the findings are without them. `needs`: what
    not every Falco has.
    """

    rule: Rule
    yaml: str
    findings: tuple[Finding, ...]
    compiled: str
    off_by_default: tuple[str, ...]
    lacks: tuple[str, ...]
    samples: tuple[Sample, ...] = ()
    lab: LabResult = field(default_factory=LabResult)
    falco: str = FALCO
    waived: tuple[Waived, ...] = ()
    needs: tuple[Requirement, ...] = ()

    @property
    def oldest(self) -> str:
        """The oldest Falco that loads the rule."""
        return lowest(one for one in self.needs if not one.meaning).falco

    @property
    def loads(self) -> bool:
        """Whether Falco would load it."""
        return not any(item.severity is Severity.ERROR for item in self.findings)

    @property
    def ready(self) -> bool:
        """Whether it may be exported and submitted: complete, and without a finding that stops it."""
        return not self.lacks and not self.stopping

    @property
    def stopping(self) -> tuple[Finding, ...]:
        """The findings with which the rule is neither exported nor submitted."""
        return tuple(item for item in self.findings if stops(item, self.rule))

    @property
    def unproven(self) -> tuple[str, ...]:
        """What is missing for the proof by sample events that a team may ask for; an imported rule set needs none."""
        return () if self.rule.rule_set else self.lab.unproven

    @property
    def placed(self) -> list[tuple[Finding, Step]]:
        """The findings, each with the step that settles it."""
        return [(item, step_of(item.place)) for item in self.findings]

    def places(self, slug: str) -> tuple[str, ...]:
        """The parts of a rule that a step edits."""
        return next(step.places for step in STEPS if step.slug == slug)


def stops(finding: Finding, rule: Rule) -> bool:
    """Whether a finding stands in the way of an export: every error, and Falco's own warnings about a rule of the
    team's own. A rule of an imported rule set keeps the warnings that it came with."""
    if finding.severity is Severity.ERROR:
        return True
    falcos = not finding.code.startswith("MEWS_")
    return falcos and finding.severity is Severity.WARNING and not rule.rule_set


def examine(content: RuleContent, sample_set: int, off: Off = NOTHING) -> Examination:
    """Examine the content, with the sample events of its behaviours and those kept in the set with this key.

    `off`: the lints that the team does without.
    """
    text = json.dumps(to_json(replace(content, waivers=(), samples=None)), sort_keys=True)
    exam, own = _examined(text, catalogue_digest(), facts.stamp(content)), samples.kept(content, sample_set)
    if content.waivers or off:
        findings, waived = sift(exam.findings, content, off)
        exam = replace(exam, findings=findings, waived=waived)
    if not own:
        return exam
    lab = exam.lab if exam.lab.trouble else _joined(exam.lab, run(exam.rule, own, explained=False))
    return replace(exam, samples=(*exam.samples, *own), lab=lab)


@lru_cache(maxsize=256)
def _examined(text: str, catalogue: str, behaviours: str) -> Examination:
    """What depends on the content alone: by its canonical JSON, the catalogue, and what its behaviours say now."""
    content = from_json(json.loads(text))
    rule = to_rule(content)
    known = tuple(samples.of_behaviours(content))
    lab = run(rule, known, samples.baseline(), explained=False)
    return Examination(
        rule=rule,
        yaml=_yaml(rule),
        findings=tuple(judge(rule, catalogue)),
        compiled="" if lab.trouble else condition_text(rule),
        off_by_default=off_by_default(rule),
        lacks=tuple(missing(content).values()),
        samples=known,
        lab=lab,
        needs=rule_needs(rule, library(rule.brings).macros),
    )


def _yaml(rule: Rule) -> str:
    try:
        return to_yaml([*rule.brings, rule])
    except EmitError as error:
        return f"# {error}\n"


def _joined(first: LabResult, second: LabResult) -> LabResult:
    return replace(first, outcomes=(*first.outcomes, *second.outcomes))
