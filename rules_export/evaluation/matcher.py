"""One condition, ready to be asked whether an event matches it, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rules_export.errors import EngineError
from rules_export.evaluation.checks import Decide
from rules_export.evaluation.compiler import Compiler, NotExpandedError
from rules_export.evaluation.event import Event
from rules_export.evaluation.kinds import Kinds
from rules_export.evaluation.normalising import normalise
from rules_export.evaluation.trace import Clause, Trace, explain
from rules_export.falco_checks.condition import check_condition
from rules_export.language.ast import Node
from rules_export.language.visitor import expand, identifiers

TOO_DEEP = "the condition nests too deeply to be evaluated: split it into several rules"


class Matcher:
    """A compiled condition. Make it with compile_condition; ask it as often as you like, from any thread."""

    def __init__(self, node: Node, macros: Mapping[str, Node], source: str, plugins: str) -> None:
        self.node = node
        self._macros = macros
        self.compiler = Compiler(source, plugins)
        self.whole = whole = unfolded(node, macros)
        self.kinds = Kinds(check_condition(whole, source, plugins, warn_evttypes=False).event_mask)
        part = self.compiler.part(whole)
        self._decide = _within(self.kinds, (lambda event: part) if isinstance(part, bool) else part)

    def matches(self, fields: Event) -> bool:
        """Whether Falco would say that an event with these fields matches; a key that is not there counts as no value.

        Takes what `normalise` takes, so numbers may be texts. Raises EventError, which names the field, where a value
        can't be one of its field.
        """
        return self.decides(normalise(fields, self.compiler.source, self.compiler.plugins))

    def decides(self, event: Event) -> bool:
        """The same for an event that is normalised already, at once."""
        try:
            return bool(self._decide(event))
        except RecursionError:
            raise EngineError(TOO_DEEP) from None

    def explain(self, fields: Event) -> Trace:
        """Why the event matches, does not match, or can't be judged. Raises EventError as `matches` does."""
        event = normalise(fields, self.compiler.source, self.compiler.plugins)
        try:
            trace = explain(self.node, event, self.compiler, self._macros)
        except RecursionError:
            raise EngineError(TOO_DEEP) from None
        kind = event.get("evt.type")
        if trace.outcome is False or self.kinds.allow(kind):
            return trace
        why = f"Falco never runs this condition on {kind} events"
        return replace(trace, outcome=False, needs=(), deciding_clause=Clause((), trace.root.text, False, why))


def compile_condition(
    node: Node,
    source: str = "syscall",
    plugins: str = "container",
    macros: Mapping[str, Node] | None = None,
) -> Matcher:
    """Make a condition ready.

    `macros`: the conditions behind the names in `node`, which may use one another; traces then keep the author's tree.
    Raises NotExpandedError for a macro without a condition, ConditionError for what Falco refuses, and
    EngineError for transformers within transformers beyond any use.
    """
    try:
        return Matcher(node, macros or {}, source, plugins)
    except RecursionError:
        raise EngineError(TOO_DEEP) from None


def _within(kinds: Kinds, decide: Decide) -> Decide:
    if kinds.all:
        return decide
    return lambda event: decide(event) and kinds.allow(event.get("evt.type"))


def unfolded(node: Node, macros: Mapping[str, Node]) -> Node:
    """`node` with all macros put in, however deep they nest; one that names itself stays, and is refused later."""
    for _ in range(len(macros) + 1):
        wider = expand(node, macros)
        if wider is node:
            break
        node = wider
    unknown = next(iter(identifiers(node)), None)
    if unknown is not None:
        raise NotExpandedError(unknown)
    return node
