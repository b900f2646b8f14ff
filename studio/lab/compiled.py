"""A rule made ready to be tried: its condition and its exceptions as trees, macros and lists of the library at hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rules_export.catalog.macros import LISTS, MACROS
from rules_export.errors import ConditionSyntaxError, EngineError
from rules_export.evaluation.matcher import Matcher, compile_condition
from rules_export.language.ast import And, Node, Not
from rules_export.language.parser import parse
from rules_export.language.visitor import identifiers
from rules_export.lints.context import LintContext
from rules_export.ruleset.context import LoadError, SourceFile, file_context
from rules_export.ruleset.exceptions import ExceptionInfo, expand_exceptions
from rules_export.ruleset.model import List, Macro, Rule, RuleException, RuleSet


class CannotRunError(Exception):
    """The rule cannot be tried; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """condition: as written, with macros by name in its traces. exceptions: (name, when it silences)."""

    condition: Matcher
    exceptions: tuple[tuple[str, Matcher], ...]


Brings = tuple[Macro | List, ...]


@lru_cache(maxsize=256)
def library(brings: Brings = ()) -> LintContext:
    """The studio's macros and lists, parsed once; with those that a rule brings along."""
    return library().bringing(brings) if brings else LintContext.of_library()


@lru_cache(maxsize=64)
def ruleset(brings: Brings = ()) -> RuleSet:
    """The library as rules files would define it, with what a rule brings. One object for equal brings."""
    macros = [Macro(one.name, one.condition) for one in MACROS.values()]
    lists = [List(one.name, one.items) for one in LISTS.values()]
    own = {one.name for one in brings}
    macros = [one for one in macros if one.name not in own] + [one for one in brings if isinstance(one, Macro)]
    lists = [one for one in lists if one.name not in own] + [one for one in brings if isinstance(one, List)]
    return RuleSet(macros=tuple(macros), lists=tuple(lists))


def condition_text(rule: Rule) -> str:
    """The condition as Falco builds it from the condition and the exceptions. Raises CannotRunError."""
    top = file_context(SourceFile("draft.yaml", ""))
    infos = [ExceptionInfo(one.name, one.fields, one.comps, list(one.values), top) for one in rule.exceptions]
    try:
        return expand_exceptions(rule.condition, infos)
    except (LoadError, EngineError) as error:
        raise CannotRunError(f"An exception cannot be put in: {error}.") from error


def compile_rule(rule: Rule) -> Compiled:
    """The rule made ready. Raises CannotRunError where it is empty, does not parse, or names what nobody knows."""
    if not rule.condition.strip():
        raise CannotRunError("There is no condition to try yet.")
    condition = _ready(_parsed(rule.condition, "The condition does not parse yet."), rule)
    return Compiled(condition, tuple(_exception(rule, one) for one in rule.exceptions if one.values))


def _exception(rule: Rule, exception: RuleException) -> tuple[str, Matcher]:
    """When one exception silences, from the text that Falco makes of it."""
    alone = Rule("", "evt.num exists", "", "", "", exceptions=(exception,), source=rule.source)
    tree = _parsed(condition_text(alone), f"The exception {exception.name} does not parse.")
    if not (isinstance(tree, And) and isinstance(tree.args[-1], Not)):
        raise CannotRunError(f"The exception {exception.name} changes the condition in a way that cannot be tried.")
    return exception.name, _ready(tree.args[-1].arg, rule)


def _ready(node: Node, rule: Rule) -> Matcher:
    """The node with the library's and the rule's own lists put in, compiled."""
    known = library(rule.brings)
    macros = known.whole_macros
    unknown = next((name for name in identifiers(node) if name not in macros), None)
    if unknown:
        raise CannotRunError(f"Nobody defines the macro {unknown}.")
    try:
        return compile_condition(known.whole(node, {}), rule.source, macros=macros)
    except (EngineError, ValueError) as error:
        raise CannotRunError(f"Falco refuses the condition: {error}") from error


def _parsed(text: str, complaint: str) -> Node:
    try:
        return parse(text)
    except ConditionSyntaxError as error:
        raise CannotRunError(complaint) from error
