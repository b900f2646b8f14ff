"""What rules do with a stream of events: how many fire, by which part of the condition, by whom, with some examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules_export.evaluation.alternatives import alternatives
from rules_export.evaluation.evaluator import RuleSet
from rules_export.evaluation.event import Event
from rules_export.evaluation.matcher import compile_condition, unfolded
from rules_export.language.ast import And, Node, Not
from rules_export.language.printer import to_text
from rules_export.ruleset.model import Rule
from studio.lab.compiled import CannotRunError, Compiled, compile_rule, library

#: Examples kept of one cause, of one rule, and of all rules together.
PER_CAUSE, PER_RULE, IN_ALL = 3, 30, 120
#: Causes, and processes of one rule that are told.
TOLD = 50
#: With fewer rules than this an index costs more than it saves.
FEW = 3


@dataclass(slots=True)
class Counted:
    """One rule's count. trouble: why it was not tried."""

    rule: Rule
    trouble: str = ""
    fired: int = 0
    silenced: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    processes: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)


class Tally:
    """Feed it events; it remembers what `result` tells."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.events = 0
        self.counted = [Counted(rule) for rule in rules]
        self._tried: list[tuple[Counted, Compiled, list[tuple[str, Callable[[Event], bool]]]]] = []
        for one in self.counted:
            try:
                compiled = compile_rule(one.rule)
                self._tried.append((one, compiled, _causes(one.rule, compiled)))
            except CannotRunError as error:
                one.trouble = str(error)
        self._index = _index([compiled for _, compiled, _ in self._tried]) if len(self._tried) >= FEW else None
        self._kept = 0

    def feed(self, event: Event, name: str, line: int, raw: Mapping[str, Any]) -> bool:
        """Count one normalised event. raw: its fields as they came, for the examples. Whether any rule fires."""
        self.events += 1
        places = self._index.matching(event) if self._index else range(len(self._tried))
        fired = False
        for place in places:
            one, compiled, causes = self._tried[place]
            if self._index or compiled.condition.decides(event):
                fired = self._caught(one, compiled, causes, event, name, line, raw) or fired
        return fired

    def _caught(
        self,
        one: Counted,
        compiled: Compiled,
        causes: list[tuple[str, Callable[[Event], bool]]],
        event: Event,
        name: str,
        line: int,
        raw: Mapping[str, Any],
    ) -> bool:
        silencer = next((title for title, matcher in compiled.exceptions if matcher.decides(event)), None)
        if silencer is not None:
            one.silenced[silencer] += 1
            return False
        one.fired += 1
        cause = next((text for text, decides in causes if decides(event)), "")
        one.causes[cause] += 1
        one.processes[str(event.get("proc.name") or ""), str(event.get("proc.pname") or "")] += 1
        if one.causes[cause] <= PER_CAUSE and len(one.examples) < PER_RULE and self._kept < IN_ALL:
            self._kept += 1
            one.examples.append({"name": name, "line": line, "cause": cause, "fields": dict(raw)})
        return True

    def result(self) -> list[dict[str, Any]]:
        """For each rule what is told, as JSON; the loudest first."""
        return [_told(one) for one in sorted(self.counted, key=lambda one: -one.fired)]


def _told(one: Counted) -> dict[str, Any]:
    return {
        "rule": one.rule.name,
        "trouble": one.trouble,
        "fired": one.fired,
        "silenced": one.silenced.most_common(TOLD),
        "causes": one.causes.most_common(TOLD),
        "processes": [[*key, count] for key, count in one.processes.most_common(TOLD)],
        "examples": one.examples,
    }


def _causes(rule: Rule, compiled: Compiled) -> list[tuple[str, Callable[[Event], bool]]]:
    """The alternatives of the condition, each with a function that says whether it holds."""
    matcher = compiled.condition
    macros = library(rule.brings).whole_macros
    parts = alternatives(matcher.node, macros)
    return [(to_text(part)[:2000], compile_condition(unfolded(part, macros), rule.source).decides) for part in parts]


def _index(compiled: Sequence[Compiled]) -> RuleSet:
    """All conditions at once, without their exceptions: those are asked where a condition holds."""
    return RuleSet([one.condition.whole for one in compiled])


def with_exceptions(compiled: Compiled) -> Node:
    """The condition with its exceptions as one tree."""
    whole: Node = compiled.condition.whole
    for _, matcher in compiled.exceptions:
        whole = And((whole, Not(matcher.whole)))
    return whole
