"""Many conditions against many events.

For each event type that turns up, every condition is simplified once under "evt.type is this", which drops most of a
rule set; what remains is put into an index (index.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules_export.evaluation.compiler import Compiler
from rules_export.evaluation.event import Event
from rules_export.evaluation.index import Block, build
from rules_export.evaluation.kinds import Kinds
from rules_export.evaluation.matcher import compile_condition
from rules_export.falco_checks.condition import check_condition
from rules_export.language.ast import And, Compare, Exists, Field, Identifier, Node, Not, Or
from rules_export.language.visitor import fold


class RuleSet:
    """Conditions without macros, numbered from 0, ready to be asked which of them a normalised event matches.

    Raises ConditionError for what Falco refuses, macros among it.
    """

    def __init__(
        self,
        conditions: Sequence[Node],
        source: str = "syscall",
        plugins: str = "container",
    ) -> None:
        self._conditions = tuple(conditions)
        self._compiler = Compiler(source, plugins)
        checked = [check_condition(one, source, plugins, warn_evttypes=False) for one in self._conditions]
        self._kinds = [Kinds(one.event_mask) for one in checked]
        self._programs: dict[str | None, Block] = {}

    def matching(self, event: Event) -> list[int]:
        """The numbers of the conditions that `event` matches, in ascending order."""
        kind = event.get("evt.type")
        program = self._programs.get(kind)
        if program is None:
            program = self._programs[kind] = build(self._possible(kind), self._compiler)
        found: list[int] = []
        program.collect(event, found)
        return found if len(found) < 2 else sorted(set(found))

    def _possible(self, kind: str | None) -> Iterator[tuple[int, Node | bool]]:
        """What is left of the conditions for events of type `kind`."""
        for number, condition in enumerate(self._conditions):
            if self._kinds[number].allow(kind):
                yield number, self._settled(condition, kind)

    def _settled(self, condition: Node, kind: str | None) -> Node | bool:
        """The condition simplified for events of type `kind`."""

        def build(node: Node, parts: list[Node | bool]) -> Node | bool:
            match node:
                case And(_, p):
                    return _joined(And, parts, p)
                case Or(_, p):
                    return _joined(Or, parts, p)
                case Not(_, p):
                    return not parts[0] if isinstance(parts[0], bool) else Not(parts[0], p)
                case Compare(Field("evt.type", None)) | Exists(Field("evt.type", None)):
                    return self._compiler.check(node).decide({"evt.type": kind})
                case _:
                    return node

        return fold(condition, build, _below)


def _joined(connective: type[And] | type[Or], parts: list[Node | bool], p: int) -> Node | bool:
    absorbing = connective is Or
    if absorbing in parts:
        return absorbing
    nodes = tuple(part for part in parts if not isinstance(part, bool))
    if not nodes:
        return not absorbing
    return nodes[0] if len(nodes) == 1 else connective(nodes, p)


def _below(node: Node) -> tuple[Node, ...]:
    match node:
        case And(args) | Or(args):
            return args
        case Not(arg):
            return (arg,)
        case Identifier() | _:
            return ()


#: For fewer events than this the index costs more than it saves.
_WORTH_INDEXING = 2_000


def match_many(
    conditions: Sequence[Node],
    events: Sequence[Event],
    source: str = "syscall",
    plugins: str = "container",
) -> list[list[int]]:
    """For each condition the numbers (from 0) of the events that match it, in ascending order.

    The events are normalised ones, such as Falco's own `output_fields`; see normalise for what people write.
    """
    if len(events) < _WORTH_INDEXING:
        return [_one_by_one(condition, events, source, plugins) for condition in conditions]
    rules = RuleSet(conditions, source, plugins)
    matches: list[list[int]] = [[] for _ in conditions]
    for number, event in enumerate(events):
        for rule in rules.matching(event):
            matches[rule].append(number)
    return matches


def _one_by_one(condition: Node, events: Sequence[Event], source: str, plugins: str) -> list[int]:
    matcher = compile_condition(condition, source, plugins)
    return [number for number, event in enumerate(events) if matcher.decides(event)]
