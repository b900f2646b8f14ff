"""One rule, compiled as Falco does it: exceptions put in, output checked, condition parsed, resolved and checked.

What comes out does not know files: a place is a part of the rule and a position in its condition. So one rule can be
compiled against a loaded rule set without a file, as an editor does at each keystroke.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from rules_export.catalog.sources import SYSCALL
from rules_export.errors import ConditionError, ConditionSyntaxError, FatalLoadError, OutputError
from rules_export.falco_checks.condition import MANY_EVENTS, ConditionCheck, check_condition
from rules_export.falco_checks.event_types import MANY
from rules_export.falco_checks.hints import deprecated_fields, literal_hints, literals
from rules_export.findings import Finding
from rules_export.language.ast import Compare, Node
from rules_export.language.parser import position
from rules_export.language.visitor import identifiers, walk
from rules_export.output.template import parse as parse_output
from rules_export.ruleset.collector import RuleInfo
from rules_export.ruleset.context import COMPILE_CONDITION, COMPILE_OUTPUT, VALIDATE
from rules_export.ruleset.exceptions import expand_exceptions
from rules_export.ruleset.lists import ListTable
from rules_export.ruleset.resolver import MacroTable, Memory, UnresolvedError
from rules_export.spans import Position

#: All conditions of a load, macros put in, have at most so many nodes; a thousand usual rules have some 50,000.
MAX_WORK = 500_000

_CONTAINER_INFO = "%container.info"
_CONTAINER_INFO_DEPRECATED = (
    "%container.info is deprecated and no more useful, and will be dropped by Falco 1.0.0. The container plugin will "
    "automatically add required fields to the output message."
)
_DEPRECATED_FIELDS = (
    "evt.dir", "evt.latency", "evt.latency.s", "evt.latency.ns", "evt.latency.human", "evt.wait_latency",
)  # fmt: skip
#: Errors with one of these in them drop a rule quietly that says skip-if-unknown-filter.
_NOWHERE = Position(0, 0, 0)
_UNKNOWN = ("nonexistent field", "invalid formatting token", "unknown event type", "unknown filter:")


class Outcome(NamedTuple):
    """One complaint about a rule.

    place: rule, output, condition, or macro (a macro's name in the condition). position: in `text`, the condition that
    Falco has in its hands then; None for the whole part. node: the part of a tree that it is about, `parsed` the
    rule's condition as a tree before macros were put in.
    """

    code: str
    message: str
    place: str
    is_error: bool = False
    position: Position | None = None
    text: str = ""
    deprecated_field: str | None = None
    node: object = None
    parsed: Node | None = None


class Compiled(NamedTuple):
    """What became of a rule: complaints in Falco's order, and the condition's tree if it was accepted."""

    outcomes: tuple[Outcome, ...]
    tree: Node | None
    check: ConditionCheck | None


class RuleCompiler:
    """Compiles rules for one plugin set, remembering what it has checked before."""

    def __init__(self, plugins: str, memory: Memory) -> None:
        self._plugins = plugins
        self._memory = memory
        self._checked: dict[tuple[int, str], tuple[Node, ConditionCheck | ConditionError]] = {}
        self._outputs: dict[tuple[str, str], str] = {}
        self._spent = 0

    def compile(
        self, rule: RuleInfo, lists: ListTable, macros: MacroTable, broken: Collection[str] = ()
    ) -> Compiled:  # fmt: skip
        """Compile one rule. Raises LoadError for exceptions of the wrong shape, FatalLoadError where Falco gives up.

        Of macros in `broken` nothing is said: that they are broken has been said.
        """
        condition = expand_exceptions(rule.condition, rule.exceptions)
        outcomes, goes_on = self._check_output(rule)
        if not goes_on:
            return Compiled(tuple(outcomes), None, None)
        text = lists.substitute(condition)
        try:
            parsed, tree, size = macros.resolve(text, self._memory)
        except ConditionSyntaxError as error:
            outcomes.append(Outcome(COMPILE_CONDITION, error.message, "condition", True, error.position, text))
            return Compiled(tuple(outcomes), None, None)
        except UnresolvedError as error:
            if error.name not in broken:
                parsed = self._memory.parse(text)
                outcomes.append(
                    Outcome(VALIDATE, error.message, "macro", True, error.position, condition, None, error.node, parsed)
                )
            return Compiled(tuple(outcomes), None, None)
        self._spend(tree, rule.source, size)
        check = self._check_condition(rule, condition, tree, outcomes, _Places(text, parsed, macros))
        return Compiled(tuple(outcomes), tree if check else None, check)

    def _check_output(self, rule: RuleInfo) -> tuple[list[Outcome], bool]:
        """Complaints about the output, and whether the condition is looked at too."""
        outcomes = []
        output = rule.output
        if _CONTAINER_INFO in output:
            outcomes.append(Outcome("LOAD_DEPRECATED_ITEM", _CONTAINER_INFO_DEPRECATED, "rule"))
            output = output.replace(_CONTAINER_INFO, "")
        message = self._output_message(output, rule.source)
        if message:
            skipped = rule.skip_if_unknown_filter and _is_unknown(message)
            code = "LOAD_UNKNOWN_FILTER" if skipped else COMPILE_OUTPUT
            return [*outcomes, Outcome(code, message, "output", not skipped)], False
        for name in _DEPRECATED_FIELDS:
            if name in output:
                text = f"usage of deprecated field '{name}' has been detected in the rule output"
                outcomes.append(Outcome("LOAD_DEPRECATED_ITEM", text, "output", deprecated_field=name))
        return outcomes, True

    def _output_message(self, output: str, source: str) -> str:
        """What Falco says against an output, "" for nothing."""
        key = (output, source)
        if key not in self._outputs:
            try:
                parse_output(output, source, self._plugins)
                self._outputs[key] = ""
            except OutputError as error:
                self._outputs[key] = error.message
        return self._outputs[key]

    def _check_condition(
        self, rule: RuleInfo, condition: str, tree: Node, outcomes: list[Outcome], places: _Places
    ) -> ConditionCheck | None:
        """Add the complaints about an expanded condition; gives what is known of it if Falco accepts it."""
        result = self._check(tree, rule.source)
        if isinstance(result, ConditionError):
            if result.fatal:
                raise FatalLoadError(f"Runtime error: {result.message}. Exiting.")
            outcomes += _early(result.warnings, _deprecated_names(tree), condition)
            skipped = rule.skip_if_unknown_filter and _is_unknown(result.message)
            code = "LOAD_UNKNOWN_FILTER" if skipped else COMPILE_CONDITION
            at = places.of(result.node) if result.node is not None else result.position
            outcomes.append(
                Outcome(code, result.message, "condition", not skipped, at, condition, None, result.node, places.parsed)
            )
            return None
        outcomes += _early(result.warnings, result.deprecated, condition)
        hints = [finding.message for finding in result.warnings if finding.code == "LOAD_COMPILE_CONDITION"]
        if hints:
            outcomes += _hints(hints, tree, rule.source, self._plugins, places, condition)
        if rule.warn_evttypes and rule.source == SYSCALL and result.event_mask.bit_count() > MANY:
            outcomes.append(Outcome("LOAD_NO_EVTTYPE", MANY_EVENTS, "rule"))
        return result

    def _spend(self, tree: Node, source: str, size: int) -> None:
        """Count the nodes of conditions that have to be checked anew."""
        if (id(tree), source) not in self._checked:
            self._spent += size
            if self._spent > MAX_WORK:
                raise FatalLoadError("The conditions of these rules, with their macros put in, are too large to check.")

    def _check(self, tree: Node, source: str) -> ConditionCheck | ConditionError:
        key = (id(tree), source)
        known = self._checked.get(key)
        if known is None:
            try:
                result: ConditionCheck | ConditionError = check_condition(tree, source, self._plugins, False)
            except ConditionError as error:
                result = error.with_traceback(None)
            known = self._checked[key] = (tree, result)  # the tree is kept, so that its id stays its own
        return known[1]


class _Places:
    """Where the nodes of an expanded condition stand: in the rule's own text, or in that of a macro."""

    def __init__(self, text: str, tree: Node, macros: MacroTable) -> None:
        self.parsed = tree
        self._own = (text, tree)
        self._macros = macros

    def of(self, node: object) -> Position:
        """The place of a node, found by its identity."""
        for text, tree in self._candidates():
            if any(one is node for one in walk(tree)):
                return position(text, getattr(node, "p", 0))
        return position(self._own[0], getattr(node, "p", 0))

    def _candidates(self) -> Iterator[tuple[str, Node]]:
        """The rule's own text and tree, then those of the macros that it leads to."""
        waiting, seen = [self._own], set()
        while waiting:
            text, tree = waiting.pop(0)
            yield text, tree
            for name in identifiers(tree):
                macro = self._macros.macros.get(name)
                if macro is not None and name not in seen:
                    seen.add(name)
                    waiting.append((macro.text, macro.raw))


def _is_unknown(message: str) -> bool:
    return any(sign in message for sign in _UNKNOWN)


def _deprecated_names(tree: Node) -> tuple[str, ...]:
    return tuple(one.name for one in deprecated_fields(tree))


def _early(warnings: Sequence[Finding], deprecated: Sequence[str], condition: str) -> Iterator[Outcome]:
    """The warnings that Falco gives before it compiles a condition; it gives them no place in it."""
    names = iter(deprecated)
    for finding in warnings:
        if finding.code == "LOAD_UNSAFE_NA_CHECK":
            yield Outcome(finding.code, finding.message, "condition", False, _NOWHERE, condition)
        elif finding.code == "LOAD_DEPRECATED_ITEM":
            yield Outcome(finding.code, finding.message, "condition", False, _NOWHERE, condition, next(names, None))


def _hints(
    messages: Sequence[str], tree: Node, source: str, plugins: str, places: _Places, condition: str
) -> Iterator[Outcome]:
    """Falco's hints with their places: each belongs to the right side of a check, in the tree's order."""
    waiting = list(messages)
    for node in walk(tree):
        if not waiting:
            return
        if not isinstance(node, Compare):
            continue
        for text in literals(node):
            for message in literal_hints(node.op, text, source, plugins):
                if waiting and waiting[0] == message:
                    waiting.pop(0)
                    at = places.of(node.right)
                    code, parsed = "LOAD_COMPILE_CONDITION", places.parsed
                    yield Outcome(code, message, "condition", False, at, condition, None, node.right, parsed)
