"""What two clauses of a condition say together: whether one excludes, or follows from, the other.

Only what is certain counts: comparisons of one plain field, which has one value at a time, with literals. Everything
else is taken to go together with everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from rules_export.catalog.fields import CatalogError, lookup
from rules_export.catalog.operators import STRINGS
from rules_export.language.ast import Compare, Exists, Field, Node, Not, Or, Value, ValueList
from rules_export.lints.context import conjuncts, literals, negated

#: Fields that hold several values at once when they stand without an argument.
MANY_VALUED = frozenset({
    "proc.aname", "proc.aexe", "proc.aexepath", "proc.acmdline", "proc.apid", "proc.aenv", "fd.types",
    "fd.ip", "fd.port", "fd.proto", "fd.net", "fd.cnet", "fd.snet", "fd.lnet", "fd.rnet",
})  # fmt: skip

_TESTS: dict[str, Callable[[str, str], bool]] = {
    "=": str.__eq__,
    "==": str.__eq__,
    "!=": str.__ne__,
    "contains": str.__contains__,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "icontains": lambda value, literal: literal.lower() in value.lower(),
}

#: Literals of fields that are no text, in the one spelling that says the same only where it is the same text.
_ONE_SPELLING = re.compile(r"-?(0|[1-9][0-9]*)|true|false|[1-9][0-9]*(\.(0|[1-9][0-9]*)){3}")

#: Clauses of one condition beyond this many are not compared with each other.
LIMIT = 150


def subject_of(clause: Node) -> Field | None:
    """The one-valued field that a clause, or its contrary, is about."""
    inner = clause.arg if isinstance(clause, Not) else clause
    if not isinstance(inner, Compare | Exists) or not isinstance(inner.left, Field):
        return None
    return None if inner.left.name in MANY_VALUED and inner.left.arg is None else inner.left


def values(clause: Node) -> tuple[str, ...] | None:
    """The values of which the field has to have one for the clause to hold; None where they are not listed."""
    if isinstance(clause, Compare) and clause.op in ("=", "==", "in") and isinstance(clause.right, Value | ValueList):
        return literals(clause)
    return None


def allows(clause: Node, value: str) -> bool:
    """Whether the clause may hold where its field has this value; True where we can't tell."""
    inner = clause.arg if isinstance(clause, Not) else clause
    if isinstance(inner, Exists):
        return not isinstance(clause, Not)
    if not isinstance(inner, Compare) or not isinstance(inner.right, Value | ValueList):
        return True
    if inner.op in ("in", "intersects"):
        holds = value in literals(inner)
    elif inner.op in _TESTS and isinstance(inner.right, Value):
        holds = _TESTS[inner.op](value, inner.right.text)
    else:
        return True
    return holds is not isinstance(clause, Not)


@lru_cache(maxsize=1024)
def _is_text(field: Field) -> bool:
    try:
        return lookup(field.name, field.arg, plugins="all").type in STRINGS
    except CatalogError:
        return True


def _comparable(field: Field, *clauses: Node) -> bool:
    """Whether the literals of the clauses mean the same only where they read the same; 443 is also https."""
    if _is_text(field):
        return True
    checks = [clause.arg if isinstance(clause, Not) else clause for clause in clauses]
    texts = (text for one in checks if isinstance(one, Compare) for text in literals(one))
    return all(map(_ONE_SPELLING.fullmatch, texts))


def exclude(one: Node, other: Node) -> bool:
    """Whether no event can meet both clauses."""
    if negated(one) == other or negated(other) == one:
        return True
    field = subject_of(one)
    if field is None or subject_of(other) != field or not _comparable(field, one, other):
        return False
    for listed, against in ((values(one), other), (values(other), one)):
        if listed is not None:
            return not any(allows(against, value) for value in listed)
    prefixes = [_prefix(clause) for clause in (one, other)]
    if prefixes[0] is None or prefixes[1] is None:
        return False
    return not (prefixes[0].startswith(prefixes[1]) or prefixes[1].startswith(prefixes[0]))


def _prefix(clause: Node) -> str | None:
    if isinstance(clause, Compare) and clause.op == "startswith" and isinstance(clause.right, Value):
        return clause.right.text
    return None


def first_conflict(clauses: Sequence[Node], known: int = 0) -> tuple[int, int] | None:
    """The places of the first two clauses that exclude each other; not of two among the first `known`."""
    for later in range(max(known, 1), min(len(clauses), LIMIT)):
        for earlier in range(later):
            if exclude(clauses[earlier], clauses[later]):
                return earlier, later
    return None


def follows(conclusion: Node, premises: Sequence[Node]) -> bool:
    """Whether `conclusion` surely holds wherever all the `premises` do."""
    if isinstance(conclusion, Or):
        return any(follows(arg, premises) for arg in conclusion.args)
    return all(any(_implies(premise, one) for premise in premises) for one in conjuncts(conclusion))


def _implies(premise: Node, conclusion: Node) -> bool:
    if premise == conclusion:
        return True
    field = subject_of(conclusion)
    if field is None or subject_of(premise) != field or isinstance(premise, Not) or isinstance(conclusion, Not):
        return False
    if isinstance(conclusion, Exists):
        return True
    if not _comparable(field, premise, conclusion):
        return False
    listed = values(premise)
    if listed is not None:
        return bool(listed) and _decided(conclusion) and all(allows(conclusion, value) for value in listed)
    known, asked = _prefix(premise), _prefix(conclusion)
    return known is not None and asked is not None and known.startswith(asked)


def _decided(clause: Node) -> bool:
    """Whether `allows` decides this clause for every value."""
    if not isinstance(clause, Compare):
        return False
    if clause.op in ("in", "intersects"):
        return isinstance(clause.right, Value | ValueList)
    return clause.op in _TESTS and isinstance(clause.right, Value)
