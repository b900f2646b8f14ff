"""A rule made ready to be tried: its condition and its exceptions as trees, macros and lists of the library at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules_export.checks.subject import LintContext
from rules_export.errors import ConditionSyntaxError, EngineError
from rules_export.evaluation.compiler import Compiler
from rules_export.language.ast import And, Node, Not
from rules_export.language.parser import parse
from rules_export.language.visitor import identifiers
from rules_export.ruleset.context import LoadError, SourceFile, file_context
from rules_export.ruleset.exceptions import ExceptionInfo, expand_exceptions
from rules_export.ruleset.model import Rule, RuleException


class CannotRun(Exception):
    """The rule cannot be tried; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """condition: as written, lists put in, macros by name. exceptions: (name, when it silences). macros: whole trees."""

    condition: Node
    exceptions: tuple[tuple[str, Node], ...]
    macros: Mapping[str, Node]
    compiler: Compiler

    def whole(self, node: Node) -> Node:
        """A part with its macros put in."""
        return library().whole(node, self.macros)


@lru_cache(maxsize=1)
def library() -> LintContext:
    """The studio's macros and lists, parsed once."""
    return LintContext.of_library()


def condition_text(rule: Rule) -> str:
    """The condition as Falco builds it from the condition and the exceptions. Raises CannotRun."""
    top = file_context(SourceFile("draft.yaml", ""))
    infos = [ExceptionInfo(one.name, one.fields, one.comps, list(one.values), top) for one in rule.exceptions]
    try:
        return expand_exceptions(rule.condition, infos)
    except (LoadError, EngineError) as error:
        raise CannotRun(f"An exception cannot be put in: {error}.") from error


def compile_rule(rule: Rule) -> Compiled:
    """The rule made ready. Raises CannotRun where it is empty, does not parse, or names what nobody knows."""
    if not rule.condition.strip():
        raise CannotRun("There is no condition to try yet.")
    condition = _parsed(rule.condition, "The condition does not parse yet.")
    macros = library().whole_macros
    unknown = next((name for name in identifiers(condition) if name not in macros), None)
    if unknown:
        raise CannotRun(f"Nobody defines the macro {unknown}.")
    exceptions = tuple(_exception(rule, one) for one in rule.exceptions if one.values)
    compiled = Compiled(library().whole(condition, {}), exceptions, macros, Compiler(rule.source))
    try:
        compiled.compiler.part(compiled.whole(compiled.condition))
        for _, node in exceptions:
            compiled.compiler.part(compiled.whole(node))
    except (EngineError, ValueError) as error:
        raise CannotRun(f"Falco refuses the condition: {error}") from error
    return compiled


def _exception(rule: Rule, exception: RuleException) -> tuple[str, Node]:
    """When one exception silences, from the text that Falco makes of it."""
    alone = Rule("", "evt.num exists", "", "", "", exceptions=(exception,), source=rule.source)
    tree = _parsed(condition_text(alone), f"The exception {exception.name} does not parse.")
    if not (isinstance(tree, And) and isinstance(tree.args[-1], Not)):
        raise CannotRun(f"The exception {exception.name} changes the condition in a way that cannot be tried.")
    return exception.name, library().whole(tree.args[-1].arg, {})


def _parsed(text: str, complaint: str) -> Node:
    try:
        return parse(text)
    except ConditionSyntaxError as error:
        raise CannotRun(complaint) from error
