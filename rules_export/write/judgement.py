"""Falco's verdict on what we are about to hand over: nothing leaves with an error, or with a warning about the team's
own rules. An imported rule set keeps the warnings that it came with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rules_export.catalog.sources import plugins_for
from rules_export.errors import EmitError
from rules_export.findings import Finding, Severity
from rules_export.ruleset import context
from rules_export.ruleset.context import Problem
from rules_export.ruleset.model import List, Macro, Rule
from rules_export.verdict.loading import Load, Verdict, run

_ITEMS = (context.RULE, context.MACRO, context.LIST)
_KINDS = {Rule: context.RULE, Macro: context.MACRO, List: context.LIST}
_PLACES = {
    context.CONDITION_EXPRESSION: "condition",
    context.RULE_CONDITION: "condition",
    context.MACRO_CONDITION: "condition",
    context.RULE_OUTPUT: "output",
    context.RULE_PRIORITY: "priority",
    context.EXCEPTIONS: "exceptions",
    context.EXCEPTION: "exceptions",
}


def refuse_unless_clean(
    before: Sequence[tuple[str, str]], file: tuple[str, str], rules: Iterable[Rule]
) -> tuple[Load, tuple[Finding, ...]]:
    """Load `file` after the files `before`; raises EmitError, with the findings, where Falco would refuse or warn.

    Gives the load, and the warnings that are no reason to refuse the file: those about rules of an imported rule set
    and about the macros and lists that these bring.
    """
    rules = tuple(rules)
    load = Load(plugins_for(rule.source for rule in rules))
    verdict = run(load, [*before, file])
    if verdict.fatal is not None:
        raise EmitError(f"Falco would stop on these rules: {verdict.fatal}", findings(verdict))
    imported = _imported(rules)
    allowed: list[Finding] = []
    refused: list[Finding] = []
    for problem, found in _problems(verdict):
        is_allowed = found.severity is Severity.WARNING and _item_of(problem) in imported
        (allowed if is_allowed else refused).append(found)
    if refused:
        first = refused[0]
        kind = "would not load" if first.severity is Severity.ERROR else "would warn about"
        where = f" ({first.item})" if first.item else ""
        more = f" And {len(refused) - 1} more." if len(refused) > 1 else ""
        raise EmitError(f"Falco {kind} these rules: {first.message or first.code}{where}.{more}", tuple(refused))
    return load, tuple(allowed)


def findings(verdict: Verdict) -> tuple[Finding, ...]:
    """What the verdict says of the last file, errors first."""
    return tuple(found for _, found in _problems(verdict))


def _problems(verdict: Verdict) -> list[tuple[Problem, Finding]]:
    """The problems of the last file, errors first, each with its finding."""
    if not verdict.results:
        return []
    last = verdict.results[-1]
    errors = [(problem, _finding(problem, Severity.ERROR)) for problem in last.errors]
    return [*errors, *((problem, _finding(problem, Severity.WARNING)) for problem in last.warnings)]


def _imported(rules: Iterable[Rule]) -> frozenset[tuple[str, str]]:
    """Kind and name of each rule of an imported rule set, and of the macros and lists that these bring."""
    members = [rule for rule in rules if rule.rule_set]
    items = [*members, *(item for rule in members for item in rule.brings)]
    return frozenset((_KINDS[type(item)], item.name) for item in items)


def _item_of(problem: Problem) -> tuple[str, str]:
    """Kind and name of the item that a problem is about, empty for the file."""
    chain = problem.context.chain()
    return next(((one.item_type, one.item_name) for one in chain if one.item_type in _ITEMS), ("", ""))


def _finding(problem: Problem, severity: Severity) -> Finding:
    chain = problem.context.chain()
    place = next((_PLACES[one.item_type] for one in reversed(chain) if one.item_type in _PLACES), "file")
    message = problem.message or problem.code
    return Finding(problem.code, severity, message, place, _item_of(problem)[1], further=problem.further)
