"""Why a rule fires on an event or stays silent: every part with its answer, and the smallest change that turns it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules_export.errors import EngineError
from rules_export.evaluation.flipping import Flip, smallest_flip
from rules_export.evaluation.matcher import compile_condition
from rules_export.evaluation.trace import Step
from rules_export.language.ast import And, Node, Not
from rules_export.ruleset.model import Rule
from studio.lab.compiled import CannotRunError, Compiled, compile_rule
from studio.lab.results import Outcome, Sample
from studio.lab.running import run

#: Parts of a tree that a page shows; what lies beyond is told by its number.
MOST = 1500


@dataclass(frozen=True, slots=True)
class Branch:
    """One part on the page. turns: whether it is among what would have to come out otherwise. open: shown unfolded."""

    kind: str
    text: str
    outcome: bool | None
    why: str
    turns: bool = False
    open: bool = True
    branches: tuple[Branch, ...] = ()

    @property
    def answer(self) -> str:
        """For people."""
        return {True: "true", False: "false", None: "can't tell"}[self.outcome]


@dataclass(frozen=True, slots=True)
class Why:
    """The whole answer. trouble: why nothing can be said. exceptions: (name, the tree of what silences)."""

    sample: Sample
    outcome: Outcome | None = None
    tree: Branch | None = None
    exceptions: tuple[tuple[str, Branch], ...] = ()
    flip: Flip | None = None
    left_out: int = 0
    trouble: str = ""


def why(rule: Rule, sample: Sample) -> Why:
    """Explain one event. Never raises for a rule or an event that cannot be tried: `trouble` says it."""
    if sample.trouble:
        return Why(sample, trouble=sample.trouble)
    try:
        compiled = compile_rule(rule)
    except CannotRunError as error:
        return Why(sample, trouble=str(error))
    flip = _flip(compiled, rule.source, sample)
    turned = frozenset(text.removeprefix("not ") for text in flip.checks) if flip else frozenset()
    budget = _Budget(MOST, turned)
    tree = budget.branch(compiled.condition.explain(sample.fields).root)
    silencing = tuple(
        (name, budget.branch(matcher.explain(sample.fields).root)) for name, matcher in compiled.exceptions
    )
    outcome = run(rule, [sample]).outcomes[0]
    return Why(sample, outcome, tree, silencing, flip, budget.left_out)


def _flip(compiled: Compiled, source: str, sample: Sample) -> Flip | None:
    """The smallest change over the condition and its exceptions together."""
    whole: Node = compiled.condition.whole
    for _, matcher in compiled.exceptions:
        whole = And((whole, Not(matcher.whole)))
    try:
        return smallest_flip(compile_condition(whole, source), sample.fields)
    except (EngineError, ValueError):
        return None


@dataclass(slots=True)
class _Budget:
    """Draws branches until the page has enough of them."""

    left: int
    turned: frozenset[str]
    left_out: int = 0

    def branch(self, step: Step) -> Branch:
        self.left -= 1
        below = tuple(self._below(step))
        turns = not step.steps and step.text[:79] in {text[:79] for text in self.turned}
        unfolded = step.kind != "macro" or turns or any(one.turns or _turns_below(one) for one in below)
        return Branch(step.kind, step.text, step.outcome, step.why, turns, unfolded, below)

    def _below(self, step: Step) -> Iterator[Branch]:
        for one in step.steps:
            if self.left <= 0:
                self.left_out += 1
                continue
            yield self.branch(one)


def _turns_below(branch: Branch) -> bool:
    return branch.turns or any(_turns_below(one) for one in branch.branches)
