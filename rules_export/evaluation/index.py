"""Which of many conditions can match at all: a tree of questions, each asked of an event at most once.

Conditions are taken as sets of clauses that must all hold. Clauses which several conditions share become guards: asked
once, and if the answer is no, all conditions behind it are out. What demands one of some values of a field
(`proc.name in (…)`) waits in a table under these values. Only the rest is tried one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from rules_export.evaluation import compare
from rules_export.evaluation.checks import Decide
from rules_export.evaluation.compiler import Compiler
from rules_export.evaluation.event import Event
from rules_export.language.ast import And, Compare, Exists, Node, Not, Or
from rules_export.language.visitor import fold

Demands = dict[str, frozenset[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """Something that must hold. Equal parts of conditions share one function, so that functions stand for clauses."""

    node: Node
    decide: Decide
    cost: int


#: A condition's number and the clauses of it that are still to be asked.
Entry = tuple[int, tuple[Clause, ...]]
#: Questions that may lie one behind another.
_DEEPEST = 8
#: Operators whose test costs more than a look at the value.
_DEAR = frozenset({"regex", "glob", "iglob", "pmatch", "icontains"})


@dataclass(slots=True)
class Block:
    """Conditions that are still possible: those that match already, and the questions that settle the others."""

    always: list[int] = field(default_factory=list)
    guards: list[tuple[Decide, Block]] = field(default_factory=list)
    tables: list[tuple[str, dict[Any, Block]]] = field(default_factory=list)
    others: list[tuple[int, Decide]] = field(default_factory=list)

    def collect(self, event: Event, found: list[int]) -> None:
        """Add the numbers of the conditions that `event` matches to `found`, in no order and perhaps twice."""
        if self.always:
            found.extend(self.always)
        for decide, block in self.guards:
            if decide(event):
                block.collect(event, found)
        for key, table in self.tables:
            waiting = table.get(event.get(key))
            if waiting is not None:
                waiting.collect(event, found)
        for number, decide in self.others:
            if decide(event):
                found.append(number)


def build(conditions: Iterable[tuple[int, Node | bool]], compiler: Compiler) -> Block:
    """The questions for numbered conditions; a truth value stands for one that is settled."""
    always, entries = [], []
    for number, condition in conditions:
        if isinstance(condition, bool):
            always.extend([number] if condition else [])
            continue
        for alternative in condition.args if isinstance(condition, Or) else (condition,):
            entries.append((number, _clauses(alternative, compiler)))
    block = _block(entries, compiler)
    block.always.extend(always)
    return block


def _clauses(node: Node, compiler: Compiler) -> tuple[Clause, ...]:
    """The clauses that must all hold, each once."""
    clauses: dict[Decide, Clause] = {}
    for one in _conjuncts(node):
        part = compiler.part(one)
        decide = part if not isinstance(part, bool) else compare.always if part else compare.never
        clauses[decide] = Clause(one, decide, _cost(one))
    return tuple(clauses.values())


def _conjuncts(node: Node) -> Iterator[Node]:
    """What must hold together, `not (a or b)` taken as two."""
    waiting = [node]
    while waiting:
        match waiting.pop():
            case And(args):
                waiting.extend(reversed(args))
            case Not(Or(args)):
                waiting.extend(Not(arg) for arg in reversed(args))
            case Not(Not(arg)):
                waiting.append(arg)
            case clause:
                yield clause


def _block(entries: list[Entry], compiler: Compiler, asked: frozenset[str] = frozenset(), depth: int = 0) -> Block:
    """Guards on what several entries demand first, then tables, then guards on what several exclude.

    `asked`: fields whose tables led here; a second table of the same field would tell no more. `depth`: questions that
    led here; deep down the rest is asked one by one.
    """
    block = Block()
    block.always.extend(number for number, clauses in entries if not clauses)
    entries = [entry for entry in entries if entry[1]]
    if depth < _DEEPEST:
        inner = partial(_block, compiler=compiler, depth=depth + 1)
        entries = _guarded(entries, block, compiler, partial(inner, asked=asked), _is_positive)
        entries = _tabled(entries, block, compiler, asked, inner)
        entries = _guarded(entries, block, compiler, partial(inner, asked=asked), lambda clause: True)
    block.others.extend((number, _decide(clauses, compiler)) for number, clauses in entries)
    return block


def _is_positive(clause: Clause) -> bool:
    return not isinstance(clause.node, Not)


def _guarded(
    entries: list[Entry],
    block: Block,
    compiler: Compiler,
    inner: Callable[[list[Entry]], Block],
    fits: Callable[[Clause], bool],
) -> list[Entry]:
    """Put entries that share a clause behind a guard, most shared clause first; gives those that share none."""
    while True:
        costs = {clause.decide: clause.cost for _, clauses in entries for clause in clauses}
        counts = Counter(clause.decide for _, clauses in entries for clause in clauses if fits(clause))
        if not counts:
            return entries
        guard, times = max(counts.items(), key=lambda item: (item[1], -costs[item[0]]))
        if times < 2:
            return entries
        behind = [entry for entry in entries if any(clause.decide is guard for clause in entry[1])]
        entries = [entry for entry in entries if all(clause.decide is not guard for clause in entry[1])]
        common = set.intersection(*({clause.decide for clause in clauses} for _, clauses in behind))
        shared = tuple(clause for clause in behind[0][1] if clause.decide in common)
        inside = [(number, tuple(c for c in clauses if c.decide not in common)) for number, clauses in behind]
        block.guards.append((_decide(shared, compiler), inner(inside)))


def _tabled(
    entries: list[Entry], block: Block, compiler: Compiler, asked: frozenset[str], inner: Callable[..., Block]
) -> list[Entry]:
    """Put entries that demand one of some values into tables; gives those that demand none."""
    rest: list[Entry] = []
    tables: dict[str, dict[Any, list[Entry]]] = {}
    for number, clauses in entries:
        demands = _narrowest(_demands(clause.node, compiler) for clause in clauses)
        demands = {key: values for key, values in demands.items() if key not in asked}
        if not demands:
            rest.append((number, clauses))
            continue
        key = min(demands, key=lambda name: _breadth(demands[name]))
        kept = tuple(clause for clause in clauses if not _is_demand(clause.node, key, demands[key], compiler))
        for value in demands[key]:
            tables.setdefault(key, {}).setdefault(value, []).append((number, kept))
    for key, table in tables.items():
        blocks = {value: inner(waiting, asked=asked | {key}) for value, waiting in table.items()}
        block.tables.append((key, blocks))
    return rest


def _is_demand(clause: Node, key: str, values: frozenset[Any], compiler: Compiler) -> bool:
    """Whether finding the event in the table answers `clause` already."""
    return isinstance(clause, Compare) and compiler.check(clause).among == (key, values)


def _decide(clauses: tuple[Clause, ...], compiler: Compiler) -> Decide:
    """All clauses as one function, cheap ones first: their order changes no answer."""
    part = compiler.joined("and", [clause.decide for clause in sorted(clauses, key=lambda clause: clause.cost)])
    return compare.always if isinstance(part, bool) else part


def _cost(clause: Node) -> int:
    """Roughly how dear a clause is to ask."""

    def cost(node: Node, parts: list[int]) -> int:
        match node:
            case Compare(_, op):
                return 8 if op.partition(" ")[0] in _DEAR else 2
            case Exists():
                return 1
            case _:
                return 1 + sum(parts)

    return fold(clause, cost, _below)


def _below(node: Node) -> tuple[Node, ...]:
    match node:
        case And(args) | Or(args):
            return args
        case Not(arg):
            return (arg,)
        case _:
            return ()


def _demands(node: Node, compiler: Compiler) -> Demands:
    """Fields of which every event that matches `node` has one of the given values."""

    def build(one: Node, parts: list[Demands]) -> Demands:
        match one:
            case And():
                return _narrowest(parts)
            case Or():
                shared = set(parts[0]).intersection(*parts[1:])
                return {key: frozenset().union(*(part[key] for part in parts)) for key in shared}
            case Compare():
                among = compiler.check(one).among
                return {} if among is None else {among[0]: among[1]}
            case _:
                return {}

    return fold(node, build, lambda one: one.args if isinstance(one, (And, Or)) else ())


def _narrowest(parts: Iterable[Demands]) -> Demands:
    merged: Demands = {}
    for part in parts:
        for key, values in part.items():
            if key not in merged or _breadth(values) < _breadth(merged[key]):
                merged[key] = values
    return merged


def _breadth(values: frozenset[Any]) -> tuple[bool, int]:
    """How much a demand lets through: truth values split events worst, and long lists are worse than short ones."""
    return any(isinstance(value, bool) for value in values), len(values)
