"""A behaviour's clause as the engine sees it: macros resolved, compiled, with the lowest Falco that loads it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from rules_export.catalog.macros import MACROS
from rules_export.evaluation import compile_condition
from rules_export.falco_checks.requirements import lowest, needs
from rules_export.language.ast import And, Compare, Field, Node, Not, Or, Value, ValueList
from rules_export.language.parser import parse
from rules_export.language.printer import to_text
from rules_export.language.visitor import expand, identifiers
from studio.behaviours.records import Behaviour, SuggestedException

if TYPE_CHECKING:
    from rules_export.evaluation.matcher import Matcher

LIST_OPERATORS = ("in", "intersects", "pmatch")


@lru_cache(maxsize=1)
def macros() -> Mapping[str, Node]:
    """The built-in macros that clauses may use: name → tree."""
    return {name: parse(macro.condition) for name, macro in MACROS.items() if not macro.lists}


def expanded(node: Node) -> Node:
    """The tree with every built-in macro resolved. Raises KeyError for one that is not built in."""
    known = macros()
    for _ in range(len(known)):
        if not identifiers(node):
            break
        if missing := [name for name in identifiers(node) if name not in known]:
            raise KeyError(missing[0])
        node = expand(node, known)
    return node


def tree(behaviour: Behaviour, parameters: Mapping[str, object] | None = None, variant: str | None = None) -> Node:
    """The clause's tree with macros resolved. Raises as `Behaviour.clause`."""
    return expanded(parse(behaviour.clause(parameters, variant)))


def condition(behaviour: Behaviour) -> str:
    """The complete condition with default parameters and macros resolved, one line."""
    return to_text(tree(behaviour))


def matcher(node: Node) -> Matcher:
    """The tree compiled for system call events."""
    compiled: Matcher = compile_condition(expanded(node))
    return compiled


@lru_cache(maxsize=2048)
def lowest_engine(clause: str) -> str:
    """The engine version of the oldest Falco that loads a clause and means the same by it."""
    return lowest(needs(expanded(parse(clause)))).engine


def without(node: Node, exception: SuggestedException) -> Node:
    """The condition with a structured exception applied, as Falco would: `node and not (any row of values)`."""
    rows = [
        _all([_check(*cell) for cell in zip(exception.fields, exception.comps, row, strict=True)])
        for row in exception.values
    ]
    excluded = rows[0] if len(rows) == 1 else Or(tuple(rows))
    return And((*(node.args if isinstance(node, And) else (node,)), Not(excluded)))


def _all(checks: list[Node]) -> Node:
    return checks[0] if len(checks) == 1 else And(tuple(checks))


def _check(field: str, comp: str, value: str | tuple[str, ...]) -> Node:
    name, _, argument = field.partition("[")
    left = Field(name, argument.rstrip("]") or None)
    if comp in LIST_OPERATORS or " " in comp:
        return Compare(left, comp, ValueList(value if isinstance(value, tuple) else (value,)))
    return Compare(left, comp, Value(str(value)))
