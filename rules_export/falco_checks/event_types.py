"""Which events a condition can match at all, as Falco works it out: it decides the warning LOAD_NO_EVTTYPE.

Only `evt.type` and `syscall.type` against literals with `=`, `==`, `!=` and `in` narrow, and a few comparisons of
`evt.num` that no event or every event satisfies. Negation is carried down to those; a check that says nothing of types
stays neutral under it, with one quirk: where the last thing on the left of `=`, `==`, `!=` or `in` is a literal (an
argument of a transformer), Falco believes that it has read names of events, and the negated check matches none.
"""

from __future__ import annotations

from rules_export.catalog.events import UNIVERSE, codes_of
from rules_export.catalog.fields import NUMBER
from rules_export.language.ast import (
    And,
    Compare,
    Exists,
    Field,
    Node,
    Not,
    Operand,
    Or,
    Transformer,
    TransformerList,
    Value,
    ValueList,
)
from rules_export.language.visitor import fold, walk

#: More events than this make Falco warn.
MANY = 100
_NARROWING = ("=", "==", "!=", "in")
_TYPES = ("evt.type", "syscall.type")


class EventTypesError(Exception):
    """Falco stops without a verdict; the text is its reason."""


def event_codes(node: Node) -> int:
    """The codes of the events that `node` can match, as a bit mask. Raises EventTypesError where Falco gives up."""
    return fold((node, False), _codes, _below)


Signed = tuple[Node, bool]


def _below(item: Signed) -> list[Signed]:
    node, negated = item
    match node:
        case And(args) | Or(args):
            return [(arg, negated) for arg in args]
        case Not(arg):
            return [(arg, not negated)]
        case _:
            return []


def _codes(item: Signed, parts: list[int]) -> int:
    node, negated = item
    match node:
        case And() | Or():
            meets = isinstance(node, And) is not negated
            codes = UNIVERSE if meets else 0
            for part in parts:
                codes = codes & part if meets else codes | part
            return codes
        case Not():
            return parts[0]
        case Exists(left):
            return 0 if _is_type(left) and negated else UNIVERSE
        case Compare(left, op, Value() | ValueList() as right) if left == _EVENT_NUMBER:
            return _by_number(op, _literals(right), negated)
        case Compare(left, op, right) if op in _NARROWING:
            if _is_type(left):
                return _by_type(op, right, negated)
            return 0 if negated and _ends_in_literal(left) else UNIVERSE
        case _:
            return UNIVERSE


def _by_type(op: str, right: Operand, negated: bool) -> int:
    if not isinstance(right, Value | ValueList):
        _is_type(right)
        raise EventTypesError(
            "right-hand field comparisons on `evt.type`/`syscall.type` checks are not supported by event code search"
        )
    codes = 0
    for name in _literals(right):
        codes |= codes_of(name)
    return codes if (op == "!=") is negated else UNIVERSE & ~codes


def _is_type(operand: Operand) -> bool:
    """Whether an operand is the type of the event itself; raises where it is wrapped, however deep."""
    if isinstance(operand, Field):
        return operand.name in _TYPES and not operand.arg
    waiting: list[Operand] = [operand]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Transformer):
            waiting.extend(one.args)
        elif isinstance(one, TransformerList):
            waiting.extend(arg for arg in one.args[:-1] if isinstance(arg, Transformer))
            waiting.extend(one.args[-1:])  # of fields Falco remembers the last member only
        elif isinstance(one, Field) and _is_type(one):
            raise EventTypesError("event code search does not support `evt.type` checks with transformers")
    return False


def _ends_in_literal(left: Operand) -> bool:
    leaves = [one for one in walk(left) if isinstance(one, Field | Value)] if isinstance(left, Transformer) else []
    return bool(leaves) and isinstance(leaves[-1], Value)


def _literals(right: Value | ValueList) -> tuple[str, ...]:
    return (right.text,) if isinstance(right, Value) else right.items


_EVENT_NUMBER = Field("evt.num")


def numbers_of(op: str, literals: tuple[str, ...]) -> bool | None:
    """Whether every event's number (they count from 1) satisfies the comparison, or none does; None for undecided."""
    if any(NUMBER.fullmatch(text) is None for text in literals):
        return None
    values = [_unsigned(text) for text in literals]
    match op:
        case "=" | "==" | "in":
            return None if any(values) else False
        case "!=":
            return None if any(values) else True
        case "<":
            return False if values[0] <= 1 else None
        case "<=":
            return False if values[0] == 0 else None
        case ">":
            return True if values[0] == 0 else None
        case ">=":
            return True if values[0] <= 1 else None
        case _:
            return None


def _unsigned(text: str) -> int:
    """A number as events' numbers are compared: a negative one counts from the top of 64 bits."""
    value = int(text[:30])
    return value if value >= 0 else value + (1 << 64)


def _by_number(op: str, literals: tuple[str, ...], negated: bool) -> int:
    decided = numbers_of(op, literals)
    return UNIVERSE if decided is None or decided is not negated else 0
