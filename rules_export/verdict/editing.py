"""One rule against a rule set that is loaded already: what an editor asks at each keystroke.

The macros and lists of the rule set are parsed and resolved once; a rule then costs its own text. Findings carry the
part of the rule that they speak of and, where one can be told, the stretch of that part.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from threading import Lock

from rules_export.catalog.fields import suggest
from rules_export.errors import EngineError, OutputError
from rules_export.findings import Finding, Severity
from rules_export.language.ast import And, Node, Operand
from rules_export.language.extent import span_of
from rules_export.language.parser import parse, position
from rules_export.language.visitor import walk
from rules_export.output.template import parse as parse_output
from rules_export.ruleset.collector import ListInfo, MacroInfo, RuleInfo
from rules_export.ruleset.context import VALIDATE, YAML_VALIDATE, LoadError, SourceFile, file_context
from rules_export.ruleset.exceptions import ExceptionInfo, validate_exception
from rules_export.ruleset.lists import ListTable
from rules_export.ruleset.model import Rule, RuleSet
from rules_export.ruleset.resolver import MacroTable, Memory, ParsedMacro, UnresolvedError
from rules_export.spans import Span
from rules_export.verdict.codes import SHORT, describe
from rules_export.verdict.environment import Environment
from rules_export.verdict.loading import load_ruleset
from rules_export.verdict.rules import Outcome, RuleCompiler

_PRIORITIES = {"emergency", "alert", "critical", "error", "warning", "notice", "info", "informational", "debug"}
_NOT_THERE = file_context(SourceFile("", ""))


class RuleChecker:
    """Checks rules against the macros and lists of `ruleset`. Safe to share between threads."""

    def __init__(self, ruleset: RuleSet, plugins: str = "container") -> None:
        self.ruleset = ruleset
        self._plugins = plugins
        self._environment = Environment(plugins)
        self._lock = Lock()
        self._memory = Memory()
        self._lists = ListTable(
            ListInfo(one.name, list(one.items), _NOT_THERE, number, number) for number, one in enumerate(ruleset.lists)
        )
        self._macros = MacroTable()
        self._broken: dict[str, str] = {}
        self._read_macros()

    def _read_macros(self) -> None:
        """Parse and resolve the macros; what is wrong with one is said where a rule calls it."""
        count = len(self.ruleset.macros)
        for number, macro in enumerate(self.ruleset.macros):
            text = self._lists.substitute(macro.condition)
            info = MacroInfo(macro.name, macro.condition, _NOT_THERE, _NOT_THERE, number, count)
            try:
                self._macros.add(ParsedMacro(info, text, self._memory))
            except EngineError as error:
                self._broken[macro.name] = str(error)
        for name in list(self._macros.macros):
            try:
                self._macros.resolve_macro(name, self._memory)
            except (UnresolvedError, EngineError) as error:
                self._broken[name] = str(error)

    def check(self, rule: Rule) -> list[Finding]:
        """What Falco says of the rule, errors and warnings in its order."""
        with self._lock:
            found = _missing_texts(rule)
            if found:
                return found
            if rule.priority.lower() not in _PRIORITIES:
                found.append(_finding(YAML_VALIDATE, "Invalid priority", rule, "priority"))
            try:
                info = self._collected(rule, found)
                if info.known_source:
                    compiled = self._compiler().compile(info, self._lists, self._macros, self._broken)
                    found += [self._placed(outcome, rule) for outcome in compiled.outcomes]
                    found += self._broken_macros(rule)
            except LoadError as error:
                found.append(_finding(error.problem.code, error.problem.message, rule, "exceptions"))
            except EngineError as error:
                found.append(_finding(VALIDATE, str(error), rule, "condition"))
            return found

    def _compiler(self) -> RuleCompiler:
        """A fresh memory of checks for each rule: an editor's old texts are not worth keeping."""
        return RuleCompiler(self._plugins, Memory())

    def _collected(self, rule: Rule, found: list[Finding]) -> RuleInfo:
        test = self._environment.field_test(rule.source)
        exceptions: list[ExceptionInfo] = []
        for one in rule.exceptions:
            info = ExceptionInfo(one.name, one.fields, one.comps, list(one.values), _NOT_THERE)
            if any(other.name == one.name for other in exceptions):
                message = f"Multiple definitions of exception '{one.name}' in the same rule"
                found.append(_finding("LOAD_EXCEPTION_NAME_NOT_UNIQUE", message, rule, "exceptions"))
            if not one.fields:
                message = "Rule exception item must have fields property with a list of fields"
                raise LoadError(VALIDATE, message, _NOT_THERE)
            validate_exception(info, test)
            exceptions.append(info)
        if test is None:
            found.append(_finding("LOAD_UNKNOWN_SOURCE", f"Unknown source {rule.source}, skipping", rule, "source"))
        collected = RuleInfo(rule.name, rule.source, _NOT_THERE)
        collected.condition = rule.condition
        collected.output = rule.output.strip(" \t\n\v\f\r")
        collected.warn_evttypes = rule.warn_evttypes
        collected.skip_if_unknown_filter = rule.skip_if_unknown_filter
        collected.exceptions = exceptions
        collected.known_source = test is not None
        return collected

    def _broken_macros(self, rule: Rule) -> list[Finding]:
        """That the condition calls macros which are broken themselves."""
        if not self._broken:
            return []
        try:
            tree = parse(rule.condition)
        except EngineError:
            return []
        return [
            _finding(VALIDATE, f"Macro '{name}' is broken itself: {self._broken[name]}", rule, "condition",
                     span_of(rule.condition, node))
            for node in walk(tree)
            if (name := getattr(node, "name", "")) in self._broken
        ]  # fmt: skip

    def _placed(self, outcome: Outcome, rule: Rule) -> Finding:
        place = outcome.place
        if place == "rule":
            place = "output" if outcome.code == "LOAD_DEPRECATED_ITEM" else "condition"
        if place == "output":
            return _finding(outcome.code, outcome.message, rule, place, _output_span(outcome, rule, self._plugins))
        place, span = self._condition_place(outcome, rule)
        return _finding(outcome.code, outcome.message, rule, place, span)

    def _condition_place(self, outcome: Outcome, rule: Rule) -> tuple[str, Span | None]:
        """Whether a complaint is about the rule's own condition or its exceptions, and where in the condition."""
        if outcome.position is None or outcome.position.line == 0:
            return "condition", None
        try:
            own = parse(rule.condition)
        except EngineError as error:
            at = getattr(error, "position", None)
            return "condition", Span(at, at) if at else None
        if outcome.node is None:
            return ("exceptions", None) if rule.exceptions else ("condition", None)
        text = outcome.parsed
        if text is None:
            return "condition", None
        part = text.args[0] if rule.exceptions and isinstance(text, And) and len(text.args) > 1 else text
        same = _same_node(outcome.node, part, own)
        if same is not None:
            return "condition", span_of(rule.condition, same)
        if any(one is outcome.node for one in walk(text)):
            return "exceptions", None
        return "condition", self._calling(outcome.node, own, rule)

    def _calling(self, node: object, own: Node, rule: Rule) -> Span | None:
        """The name of the macro in whose tree a node stands, where the condition calls it."""
        for one in walk(own):
            macro = self._macros.macros.get(getattr(one, "name", ""))
            if macro is not None and any(part is node for part in walk(macro.tree)):
                return span_of(rule.condition, one)
        return None


def _same_node(node: object, part: Node, own: Node) -> Node | Operand | None:
    """The node of the rule's own text for one of the text that Falco parsed, in which lists were replaced."""
    for one, same in zip(walk(part), walk(own), strict=False):
        if type(one) is not type(same):
            return None
        if one is node:
            return same
    return None


def _missing_texts(rule: Rule) -> list[Finding]:
    named = (("name", rule.name), ("condition", rule.condition), ("output", rule.output), ("desc", rule.desc))
    empty = [place for place, text in (*named, ("priority", rule.priority)) if not text]
    return [_finding(YAML_VALIDATE, "Value must be non-empty", rule, place) for place in empty]


def _output_span(outcome: Outcome, rule: Rule, plugins: str) -> Span | None:
    if not outcome.is_error and outcome.code != "LOAD_UNKNOWN_FILTER":
        return None
    try:
        parse_output(rule.output, rule.source, plugins)
    except OutputError as error:
        at = position(rule.output, error.offset)
        return Span(at, at)
    return None


def _finding(code: str, message: str, rule: Rule, place: str, span: Span | None = None) -> Finding:
    severity = Severity.ERROR if code.startswith("LOAD_ERR_") else Severity.WARNING
    return Finding(code, severity, message or SHORT.get(code, code), place, rule.name, span, _hint(code, message, rule))


def _hint(code: str, message: str, rule: Rule) -> str:
    if "nonexistent field" in message:
        near = suggest(message.rpartition(" ")[2], rule.source)
        if near:
            return f"Did you mean {' or '.join(near)}?"
    return "" if code.startswith("LOAD_ERR_") else describe(code)


_CHECKERS: OrderedDict[tuple[int, str], RuleChecker] = OrderedDict()
_CHECKERS_LOCK = Lock()
_MOST_CHECKERS = 32


def check_rule(rule: Rule, ruleset: RuleSet | str = "", plugins: str = "container") -> list[Finding]:
    """What Falco would say of `rule` after the files that made `ruleset`: errors and warnings as findings.

    `ruleset` is loaded, or the text of a rules file with the macros and lists to go by. The last few rule sets stay
    prepared, loaded ones known by their identity: hand in the same object again.
    """
    loaded = _of_text(ruleset, plugins) if isinstance(ruleset, str) else ruleset
    return checker_for(loaded, plugins).check(rule)


@lru_cache(maxsize=4)
def _of_text(text: str, plugins: str) -> RuleSet:
    return load_ruleset([("", text)], plugins)[0]


def checker_for(ruleset: RuleSet, plugins: str = "container") -> RuleChecker:
    """The prepared checker of a rule set, made when it is first asked for."""
    key = (id(ruleset), plugins)
    with _CHECKERS_LOCK:
        known = _CHECKERS.get(key)
        if known is not None and known.ruleset is ruleset:
            _CHECKERS.move_to_end(key)
            return known
    made = RuleChecker(ruleset, plugins)
    with _CHECKERS_LOCK:
        _CHECKERS[key] = made
        while len(_CHECKERS) > _MOST_CHECKERS:
            _CHECKERS.popitem(last=False)
    return made
