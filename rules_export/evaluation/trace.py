"""Why a condition holds, does not hold, or cannot be judged for an event: an answer for every node, in short words.

Three-valued: a check for which the event lacks a key is unknown ("needs proc.pname"); `and`, `or`, `not` follow Kleene.
A key whose value is None is known: the event has no such value, and then every check of it is false.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules_export.evaluation.checks import Check
from rules_export.evaluation.compiler import Compiler, NotExpandedError
from rules_export.evaluation.event import Event
from rules_export.language.ast import And, Compare, Exists, Identifier, Node, Not, Or
from rules_export.language.printer import to_text

_LONGEST_VALUE = 120
_MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One node's answer.

    kind: and, or, not, macro or check. path: child indices from the root of the author's tree (steps inside a macro
    carry the macro's path). text: the node as condition text. outcome: None for unknown. why: the values compared, or
    which part decided. needs: fields that would have to be known. closeness: 0 to 1, how much of the node holds.
    """

    kind: str
    path: tuple[int, ...]
    text: str
    outcome: bool | None
    why: str
    needs: tuple[str, ...]
    closeness: float
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """The top-level alternative that decided, or for an event that does not match, the one that came closest.

    why: what holds; for an event that does not match, what is in the way, in this alternative and beside it.
    """

    path: tuple[int, ...]
    text: str
    outcome: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole explanation. `needs` is empty unless the outcome is unknown."""

    outcome: bool | None
    root: Step
    needs: tuple[str, ...]
    deciding_clause: Clause


def explain(node: Node, event: Event, compiler: Compiler, macros: Mapping[str, Node]) -> Trace:
    """Explain `node` for `event`; `macros` gives the conditions (expanded or not) behind macro names.

    Raises NotExpandedError for a macro that is not among them.
    """
    root = _Explainer(event, compiler, macros).step(node, (), ())
    return Trace(root.outcome, root, root.needs if root.outcome is None else (), _deciding(node, root, macros))


@dataclass(frozen=True, slots=True)
class _Explainer:
    event: Event
    compiler: Compiler
    macros: Mapping[str, Node]

    def step(self, node: Node, path: tuple[int, ...], within: tuple[str, ...]) -> Step:
        match node:
            case And(args) | Or(args):
                steps = [self.step(arg, path if within else (*path, index), within) for index, arg in enumerate(args)]
                return (_conjunction if isinstance(node, And) else _disjunction)(path, to_text(node), steps)
            case Not(arg):
                return _negation(path, to_text(node), self.step(arg, path if within else (*path, 0), within))
            case Identifier(name):
                if name not in self.macros or name in within:
                    raise NotExpandedError(name)
                inner = self.step(self.macros[name], path, (*within, name))
                return Step("macro", path, name, inner.outcome, inner.why, inner.needs, inner.closeness, (inner,))
            case _:
                return self.leaf(node, path)

    def leaf(self, node: Compare | Exists, path: tuple[int, ...]) -> Step:
        ready = self.compiler.check(node)
        outcome: bool | None = ready.decide(self.event)
        needs = () if outcome else self._missing(ready)
        if needs:
            return Step("check", path, to_text(node), None, "needs " + ", ".join(needs), needs, 0.5)
        return Step("check", path, to_text(node), outcome, self._values(node, ready), (), float(bool(outcome)))

    def _missing(self, ready: Check) -> tuple[str, ...]:
        """Which keys would have to be there; none where a value known to be absent settles the check anyway."""
        missing = []
        for group in ready.keys:
            present = [key for key in group if key in self.event]
            if not present:
                missing.append(group[0])
            elif all(self.event[key] is None for key in present):
                return ()
        return tuple(missing)

    def _values(self, node: Compare | Exists, ready: Check) -> str:
        shown = f"{to_text(node.left)} {_is(ready.read(self.event))}"
        if ready.right is not None and isinstance(node, Compare):
            shown += f", {to_text(node.right)} {_is(ready.right(self.event))}"
        return shown


def _is(value: Any) -> str:
    if value is None:
        return "has no value"
    if isinstance(value, (list, tuple)):
        return "is " + _short("(" + ", ".join(map(str, value)) + ")")
    if isinstance(value, bool):
        return "is true" if value else "is false"
    return f'is "{_short(value)}"' if isinstance(value, str) else f"is {value}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _needs(steps: Sequence[Step]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(need for step in steps if step.outcome is None for need in step.needs))


def _conjunction(path: tuple[int, ...], text: str, steps: list[Step]) -> Step:
    closeness = sum(step.closeness for step in steps) / len(steps)
    failing = [step for step in steps if step.outcome is False]
    if failing:
        return Step("and", path, text, False, "fails at " + _texts(failing), (), closeness, tuple(steps))
    needs = _needs(steps)
    if needs:
        return Step("and", path, text, None, "needs " + ", ".join(needs), needs, closeness, tuple(steps))
    return Step("and", path, text, True, f"all {len(steps)} hold", (), 1.0, tuple(steps))


def _disjunction(path: tuple[int, ...], text: str, steps: list[Step]) -> Step:
    holding = [step for step in steps if step.outcome]
    closeness = max(step.closeness for step in steps)
    if holding:
        return Step("or", path, text, True, _texts(holding), (), 1.0, tuple(steps))
    needs = _needs(steps)
    if needs:
        return Step("or", path, text, None, "needs " + ", ".join(needs), needs, closeness, tuple(steps))
    return Step("or", path, text, False, f"none of {len(steps)} holds", (), closeness, tuple(steps))


def _negation(path: tuple[int, ...], text: str, inner: Step) -> Step:
    outcome = None if inner.outcome is None else not inner.outcome
    return Step("not", path, text, outcome, inner.why, inner.needs, 1.0 - inner.closeness, (inner,))


def _texts(steps: Sequence[Step]) -> str:
    shown = "; ".join(_short(step.text) for step in steps[:_MOST_REASONS])
    return shown if len(steps) <= _MOST_REASONS else f"{shown}; and {len(steps) - _MOST_REASONS} more"


def _deciding(node: Node, root: Step, macros: Mapping[str, Node]) -> Clause:
    """The alternatives are the members of an `or` at the top, or of the longest `or` in the `and` at the top."""
    while isinstance(node, Identifier):
        node, root = macros[node.name], root.steps[0]
    alternatives: Sequence[Step] = (root,)
    beside: list[Step] = []
    if isinstance(node, Or):
        alternatives = root.steps
    elif isinstance(node, And):
        choices = [step for arg, step in zip(node.args, root.steps, strict=True) if isinstance(arg, Or)]
        if choices:
            longest = max(choices, key=lambda step: len(step.steps))
            alternatives = longest.steps
            beside = [step for step in root.steps if step is not longest]
    chosen = next((step for step in alternatives if step.outcome), None)
    chosen = chosen or max(alternatives, key=lambda step: step.closeness)
    if root.outcome:
        return Clause(chosen.path, chosen.text, True, chosen.why)
    but = "holds, but " if chosen.outcome else ""
    return Clause(chosen.path, chosen.text, chosen.outcome, but + _obstacles([chosen, *beside]))


def _obstacles(steps: Sequence[Step]) -> str:
    """What keeps `steps` from holding, down to the checks: `proc.name = rm (proc.name is "ls")`."""
    found: list[str] = []
    waiting = [(step, True) for step in steps]
    while waiting:
        one, wanted = waiting.pop(0)
        if one.outcome is wanted:
            continue
        if not one.steps:
            found.append(f"{'' if wanted else 'not '}{_short(one.text)} ({one.why})")
        else:
            waiting[:0] = [(inner, wanted is not (one.kind == "not")) for inner in one.steps]
    shown = "; ".join(found[:_MOST_REASONS])
    return shown if len(found) <= _MOST_REASONS else f"{shown}; and {len(found) - _MOST_REASONS} more"
