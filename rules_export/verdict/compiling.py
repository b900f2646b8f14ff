"""What Falco does with everything collected, for each file anew: lists, then macros, then rules, to the first error.

We go on behind the first error and mark what we find there as `further`. Warnings are those that Falco gives before it
stops. What does not change from one file to the next is remembered.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules_export.errors import ConditionSyntaxError, FatalLoadError
from rules_export.language.ast import Node
from rules_export.ruleset.collector import Collector, MacroInfo, RuleInfo
from rules_export.ruleset.context import COMPILE_CONDITION, VALIDATE, Context, LoadError, Problem
from rules_export.ruleset.lists import ListTable
from rules_export.ruleset.resolver import MacroTable, Memory, ParsedMacro, UnresolvedError
from rules_export.verdict.rules import Compiled, Outcome, RuleCompiler

#: Nobody reads more than so many errors of one file.
MOST_ERRORS = 500

_NOT_USED = "not referred to by any other rule/macro"


class Compilation:
    """The tables of one compilation, its problems, and what became of each rule."""

    __slots__ = ("errors", "lists", "macros", "rules", "warnings")

    def __init__(self, lists: ListTable) -> None:
        self.lists = lists
        self.macros = MacroTable()
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.rules: dict[str, Compiled] = {}


def compile_rules(collector: Collector, compiler: RuleCompiler, memory: Memory) -> Compilation:
    """Compile all that is collected. Raises FatalLoadError where Falco gives no verdict."""
    work = Compilation(ListTable(collector.lists.values()))
    broken = _compile_macros(collector, work, memory)
    for rule in collector.rules.values():
        if rule.known_source and len(work.errors) < MOST_ERRORS:
            _compile_rule(rule, work, compiler, broken)
    if not work.errors:
        work.warnings += _unused(collector, work)
    return work


def _add_error(work: Compilation, problem: Problem) -> None:
    further = bool(work.errors)
    work.errors.append(Problem(problem.code, problem.message, problem.context, further=further))


def _compile_macros(collector: Collector, work: Compilation, memory: Memory) -> set[str]:
    """Parse all macros, then resolve them; gives the names of those that failed."""
    broken: set[str] = set()
    for info in collector.macros.values():
        text = work.lists.substitute(info.condition)
        try:
            work.macros.add(ParsedMacro(info, text, memory))
        except ConditionSyntaxError as error:
            broken.add(info.name)
            context = info.condition_context.in_condition(text, error.position)
            _add_error(work, Problem(COMPILE_CONDITION, error.message, context))
    for info in collector.macros.values():
        if info.name not in broken:
            _resolve_macro(info, work, memory, broken)
    return broken


def _resolve_macro(info: MacroInfo, work: Compilation, memory: Memory, broken: set[str]) -> None:
    if broken and _leads_to(work.macros, [name.name for name in work.macros.macros[info.name].names], broken):
        broken.add(info.name)
        return
    try:
        work.macros.resolve_macro(info.name, memory)
    except UnresolvedError as error:
        broken.add(info.name)
        context = info.context.in_condition(info.condition, error.position)
        _add_error(work, Problem(VALIDATE, error.message, context))


def _leads_to(table: MacroTable, names: list[str], broken: set[str]) -> bool:
    """Whether one of the names, or what it calls, is broken already: then the complaint has been made."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in broken:
            return True
        if name not in seen and name in table.macros:
            seen.add(name)
            waiting += [node.name for node in table.macros[name].names]
    return False


def _compile_rule(rule: RuleInfo, work: Compilation, compiler: RuleCompiler, broken: set[str]) -> None:
    further = bool(work.errors)
    try:
        compiled = compiler.compile(rule, work.lists, work.macros, broken)
    except LoadError as error:
        _add_error(work, error.problem)
        return
    except FatalLoadError as error:
        if not further:
            raise
        _add_error(work, Problem(COMPILE_CONDITION, str(error), rule.condition_context))
        return
    work.rules[rule.name] = compiled
    for outcome in compiled.outcomes:
        problem = _problem(outcome, rule)
        if outcome.is_error:
            _add_error(work, problem)
        elif not further:
            work.warnings.append(problem)


def _problem(outcome: Outcome, rule: RuleInfo) -> Problem:
    return Problem(outcome.code, outcome.message, _context(outcome, rule), outcome.deprecated_field)


def _context(outcome: Outcome, rule: RuleInfo) -> Context:
    if outcome.place == "output":
        return rule.output_context
    if outcome.position is None:
        return rule.context
    parent = rule.context if outcome.place == "macro" else rule.condition_context
    return parent.in_condition(outcome.text, outcome.position)


def _unused(collector: Collector, work: Compilation) -> Iterator[Problem]:
    for macro in collector.macros.values():
        if macro.name not in work.macros.used:
            yield Problem("LOAD_UNUSED_MACRO", f"Macro {_NOT_USED}", macro.context)
    for one in collector.lists.values():
        if one.name not in work.lists.used:
            yield Problem("LOAD_UNUSED_LIST", f"List {_NOT_USED}", one.context)


def trees(work: Compilation) -> dict[str, Node]:
    """The conditions of the rules that compiled, macros put in, by rule name."""
    return {name: compiled.tree for name, compiled in work.rules.items() if compiled.tree is not None}
