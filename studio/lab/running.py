"""Try a rule on sample events: which fire, which part of the condition decides, and what the alert reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rules_export.errors import EngineError, OutputError
from rules_export.output.alert import alert
from rules_export.output.template import Template, parse, prepare
from rules_export.ruleset.model import Rule
from studio.lab.compiled import CannotRunError, Compiled, compile_rule
from studio.lab.results import LabResult, Outcome, Sample

#: The time that alerts of events without one carry: nanoseconds of 2024-01-01 09:00 UTC. Samples have no clock.
NOON = 1_704_099_600_000_000_000
HOST = "web-1"
#: Events of ordinary life of which reason and alert are worked out; of the others only that they fire.
TOLD = 40


def run(rule: Rule, samples: Sequence[Sample], baseline: Sequence[Sample] = (), *, explained: bool = True) -> LabResult:
    """Try `rule` on every sample, and count on which events of the `baseline` it fires.

    Unless `explained`, reasons and alerts are worked out only for what is not as expected: that is many times quicker.
    """
    try:
        compiled = compile_rule(rule)
    except CannotRunError as error:
        return LabResult(trouble=str(error))
    template = _template(rule)
    outcomes = tuple(_outcome(rule, compiled, template, one, explained) for one in samples)
    loud = [Outcome(one, True) for one in baseline if _fires(compiled, one)]
    told = [_explained(rule, compiled, template, one) for one in loud[:TOLD]]
    return LabResult(outcomes, ordinary=(*told, *loud[TOLD:]), ordinary_count=len(baseline))


def alert_of(rule: Rule, sample: Sample) -> dict[str, Any] | None:
    """The alert that the rule's output makes of the event, whether it fires or not; None where it cannot be read."""
    template = _template(rule)
    return None if template is None else _alert(rule, template, sample.fields)


def _outcome(rule: Rule, compiled: Compiled, template: Template | None, tried: Sample, explained: bool) -> Outcome:
    if tried.trouble:
        return Outcome(tried, None, reason=tried.trouble)
    caught = compiled.condition.decides(tried.fields)
    silencers = tuple(name for name, matcher in compiled.exceptions if caught and matcher.decides(tried.fields))
    quick = Outcome(tried, caught and not silencers, silenced_by=silencers)
    if quick.as_expected and not explained:
        return quick
    return _explained(rule, compiled, template, quick)


def _explained(rule: Rule, compiled: Compiled, template: Template | None, quick: Outcome) -> Outcome:
    """The same outcome with the part that decides, why, and the alert. Only here an outcome can be unknown."""
    trace = compiled.condition.explain(quick.sample.fields)
    decided = trace.deciding_clause
    known = replace(quick, clause=decided.text, path=decided.path)
    if quick.silenced_by:
        return replace(known, reason=f"silenced by the exception {quick.silenced_by[0]}")
    if trace.outcome is None:
        return replace(known, matched=None, reason=f"needs {', '.join(trace.needs)}")
    if not trace.outcome:
        return replace(known, reason=decided.why)
    made = None if template is None else _alert(rule, template, quick.sample.fields)
    return replace(known, text=str(made["output"]) if made else "", alert=made or {})


def _fires(compiled: Compiled, tried: Sample) -> bool:
    return compiled.condition.decides(tried.fields) and not any(
        matcher.decides(tried.fields) for _, matcher in compiled.exceptions
    )


def _template(rule: Rule) -> Template | None:
    try:
        return parse(prepare(rule.output)[0], rule.source)
    except (OutputError, EngineError):
        return None


def _alert(rule: Rule, template: Template, fields: Mapping[str, Any]) -> dict[str, Any]:
    given = fields.get("evt.time") or fields.get("evt.rawtime")
    time = given if type(given) is int and 0 <= given < 2**63 else NOON
    return alert(rule, fields, time, hostname=HOST, template=template)
