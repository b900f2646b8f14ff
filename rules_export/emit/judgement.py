"""Falco's verdict on what we are about to hand over: nothing leaves with an error or a warning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rules_export.emit.errors import EmitError
from rules_export.findings import Finding, Severity
from rules_export.ruleset import context
from rules_export.ruleset.context import Problem
from rules_export.ruleset.model import Rule
from rules_export.verdict.loading import Load, Verdict, run

_ITEMS = (context.RULE, context.MACRO, context.LIST)
_PLACES = {
    context.CONDITION_EXPRESSION: "condition",
    context.RULE_CONDITION: "condition",
    context.MACRO_CONDITION: "condition",
    context.RULE_OUTPUT: "output",
    context.RULE_PRIORITY: "priority",
    context.EXCEPTIONS: "exceptions",
    context.EXCEPTION: "exceptions",
}


def refuse_unless_clean(before: Sequence[tuple[str, str]], file: tuple[str, str], rules: Iterable[Rule]) -> Load:
    """Load `file` after the files `before` and give the load; raises EmitError, with the findings, where Falco would
    refuse or warn."""
    load = Load("container" if all(rule.source == "syscall" for rule in rules) else "all")
    verdict = run(load, [*before, file])
    found = findings(verdict)
    if verdict.fatal is not None:
        raise EmitError(f"Falco would stop on these rules: {verdict.fatal}", found)
    if found:
        first = found[0]
        kind = "would not load" if first.severity is Severity.ERROR else "would warn about"
        where = f" ({first.item})" if first.item else ""
        more = f" And {len(found) - 1} more." if len(found) > 1 else ""
        raise EmitError(f"Falco {kind} these rules: {first.message or first.code}{where}.{more}", found)
    return load


def findings(verdict: Verdict) -> tuple[Finding, ...]:
    """What the verdict says of the last file, errors first."""
    if not verdict.results:
        return ()
    last = verdict.results[-1]
    errors = [_finding(problem, Severity.ERROR) for problem in last.errors]
    return (*errors, *(_finding(problem, Severity.WARNING) for problem in last.warnings))


def _finding(problem: Problem, severity: Severity) -> Finding:
    chain = problem.context.chain()
    item = next((one.item_name for one in chain if one.item_type in _ITEMS), "")
    place = next((_PLACES[one.item_type] for one in reversed(chain) if one.item_type in _PLACES), "file")
    message = problem.message or problem.code
    return Finding(problem.code, severity, message, place, item, further=problem.further)
