"""Try a rule on sample events: which fire, which part of the condition decides, and what the alert reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rules_export.errors import EngineError, OutputError
from rules_export.evaluation.normalising import EventError
from rules_export.output.alert import alert
from rules_export.output.template import Template, parse, prepare
from rules_export.ruleset.model import Rule
from studio.lab.compiled import CannotRunError, Compiled, compile_rule
from studio.lab.results import LabResult, Outcome, Sample

#: The time that alerts of events without one carry: nanoseconds of 2024-01-01 09:00 UTC. Samples have no clock.
NOON = 1_704_099_600_000_000_000
HOST = "web-1"


def run(rule: Rule, samples: Sequence[Sample], baseline: Sequence[Sample] = ()) -> LabResult:
    """Try `rule` on every sample. Of the `baseline` only what fires is listed; the rest is counted as quiet."""
    try:
        compiled = compile_rule(rule)
    except CannotRunError as error:
        return LabResult(trouble=str(error))
    template = _template(rule)
    outcomes = [_outcome(rule, compiled, template, sample) for sample in samples]
    loud = list(_loud(compiled, baseline))
    outcomes += [_outcome(rule, compiled, template, sample) for sample in loud]
    return LabResult(tuple(outcomes), quiet=len(baseline) - len(loud))


def alert_of(rule: Rule, sample: Sample) -> dict[str, Any] | None:
    """The alert that the rule's output makes of the event, whether it fires or not; None where it cannot be read."""
    template = _template(rule)
    return None if template is None else _alert(rule, template, sample.fields)


def _outcome(rule: Rule, compiled: Compiled, template: Template | None, sample: Sample) -> Outcome:
    try:
        trace = compiled.condition.explain(sample.fields)
        silencers = [name for name, matcher in compiled.exceptions if trace.outcome and matcher.matches(sample.fields)]
    except EventError as error:
        return Outcome(sample, None, reason=f"The event cannot be read: {error}")
    decided = trace.deciding_clause
    if not trace.outcome:
        reason = f"needs {', '.join(trace.needs)}" if trace.outcome is None else decided.why
        return Outcome(sample, trace.outcome, decided.text, decided.path, reason)
    if silencers:
        reason = f"silenced by the exception {silencers[0]}"
        return Outcome(sample, False, decided.text, decided.path, reason, silenced_by=tuple(silencers))
    made = None if template is None else _alert(rule, template, sample.fields)
    return Outcome(sample, True, decided.text, decided.path, "", str(made["output"]) if made else "", made or {})


def _loud(compiled: Compiled, baseline: Iterable[Sample]) -> Iterable[Sample]:
    for sample in baseline:
        if compiled.condition.matches(sample.fields) and not any(
            matcher.matches(sample.fields) for _, matcher in compiled.exceptions
        ):
            yield sample


def _template(rule: Rule) -> Template | None:
    try:
        return parse(prepare(rule.output)[0], rule.source)
    except (OutputError, EngineError):
        return None


def _alert(rule: Rule, template: Template, fields: Mapping[str, Any]) -> dict[str, Any]:
    given = fields.get("evt.time") or fields.get("evt.rawtime")
    time = given if type(given) is int and 0 <= given < 2**63 else NOON
    return alert(rule, fields, time, hostname=HOST, template=template)
