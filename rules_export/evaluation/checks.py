"""One check of a condition (`proc.name in (a, b)`) made ready: a function from event to true or false.

The oddities of some fields are here, each with its reason: they are Falco's, and a simulation that is nicer than the
real engine would mislead. Source: falco-rules-spec 6.6 and 6.7.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rules_export.catalog.operators import ADDRESSES, NETWORKS, check_operator
from rules_export.catalog.values import parse_literal
from rules_export.evaluation import compare
from rules_export.evaluation.event import EITHER_END, Event, is_any_ancestor
from rules_export.evaluation.operands import TEXTS, Operand, operand
from rules_export.language.ast import Compare, Exists, Field, Transformer, ValueList
from rules_export.language.operators import split

Decide = Callable[[Event], bool]
_PLACES = ADDRESSES | NETWORKS


@dataclass(frozen=True, slots=True)
class Check:
    """A check ready to run. keys: groups of event keys, of each of which one must be there for a certain answer.

    read: the left side's value, for explanations. among: (key, values) where the check says that one plain field equals
    one of some values, so that a table can find it.
    """

    decide: Decide
    keys: tuple[tuple[str, ...], ...]
    read: Callable[[Event], Any]
    right: Callable[[Event], Any] | None = None
    among: tuple[str, frozenset[Any]] | None = None


def check(node: Compare | Exists, source: str, plugins: str) -> Check:
    """Make one check ready. Raises CatalogError for fields that the source does not have."""
    left = operand(node.left, source, plugins)
    if isinstance(node, Exists):
        return Check(_exists(left), left.keys, left.read)
    check_operator(left.type, left.is_list, node.op)
    if isinstance(node.right, (Field, Transformer)):
        return _against_operand(node, left, operand(node.right, source, plugins))
    op, modifier = split(node.op)
    texts = node.right.items if isinstance(node.right, ValueList) else (node.right.text,)
    if isinstance(node.left, Field):
        odd = _odd_field(node.left, left, op, modifier, texts)
        if odd is not None:
            return Check(odd, left.keys, left.read)
    if left.is_list:
        return Check(_list_check(left, op, texts), left.keys, left.read)
    return Check(_plain(left, op, modifier, texts), left.keys, left.read, among=_among(left, op, modifier, texts))


def _exists(left: Operand) -> Decide:
    key, read = left.plain, left.read
    if key is not None:
        return lambda event: event.get(key) is not None
    return lambda event: read(event) is not None


def _test(kind: str, op: str, modifier: str, texts: tuple[str, ...]) -> compare.Test:
    if modifier:
        return compare.modified(kind, op, modifier, texts)
    if op == "pmatch":
        return compare.paths(texts)
    if op in ("in", "intersects"):
        return compare.member(kind, texts)
    return compare.single(kind, op, texts[0])


def _present(read: Callable[[Event], Any], test: compare.Test) -> Decide:
    def decide(event: Event) -> bool:
        value = read(event)
        return value is not None and test(value)

    return decide


def _plain(left: Operand, op: str, modifier: str, texts: tuple[str, ...]) -> Decide:
    """A check of one value; the commonest shapes without a call inside."""
    key = left.plain
    if key is None:
        return _present(left.read, _test(left.type, op, modifier, texts))
    among = _among(left, op, modifier, texts)
    if among is not None:
        return _looked_up(key, among[1])
    if op == "!=" and not modifier and left.type not in _PLACES:
        return _differs(key, parse_literal(left.type, texts[0]))
    if left.type in TEXTS and not modifier and op in _SHORT and texts[0].isascii():
        return _SHORT[op](key, parse_literal(left.type, texts[0]))
    test = _test(left.type, op, modifier, texts)

    def decide(event: Event) -> bool:
        value = event.get(key)
        return value is not None and test(value)

    return decide


def _looked_up(key: str, values: frozenset[Any]) -> Decide:
    if len(values) == 1:
        (only,) = values
        return lambda event: event.get(key) == only
    return lambda event: event.get(key) in values


def _differs(key: str, known: Any) -> Decide:
    return lambda event: event.get(key, known) not in (None, known)


def _starts(key: str, text: str) -> Decide:
    def decide(event: Event) -> bool:
        value = event.get(key)
        return value is not None and value.startswith(text)

    return decide


def _contains(key: str, text: str) -> Decide:
    def decide(event: Event) -> bool:
        value = event.get(key)
        return value is not None and text in value

    return decide


_SHORT: dict[str, Callable[[str, str], Decide]] = {"startswith": _starts, "contains": _contains}


def _among(left: Operand, op: str, modifier: str, texts: tuple[str, ...]) -> tuple[str, frozenset[Any]] | None:
    equality = op in ("=", "==") and modifier in ("", "anyof")
    membership = op in ("in", "intersects") and not modifier
    if left.plain is None or not (equality or membership) or left.type in _PLACES:
        return None
    return left.plain, frozenset(parse_literal(left.type, text) for text in texts)


def _list_check(left: Operand, op: str, texts: tuple[str, ...]) -> Decide:
    """`in`: every element is listed (so it is for an empty list). `intersects`: one is."""
    known = frozenset() if left.padded else frozenset(parse_literal(left.type, text) for text in texts)
    read, quantify = left.read, all if op == "in" else any

    def decide(event: Event) -> bool:
        values = read(event)
        return values is not None and quantify(value in known for value in values)

    return decide


def _odd_field(field: Field, left: Operand, op: str, modifier: str, texts: tuple[str, ...]) -> Decide | None:
    """Fields whose comparison Falco wrote by hand; None for all others."""
    if field.name in EITHER_END:
        return _either_end(field.name, left, op, modifier, texts)
    if is_any_ancestor(field.name, field.arg):
        return _some_ancestor(field.name, left, op, modifier, texts)
    if field.name.startswith("evt.rawarg.") and left.type not in TEXTS:
        if op in ("in", "intersects"):
            return compare.never  # compared by a length that never fits
        if modifier:  # only the first literal is looked at
            return _present(left.read, _test(left.type, op, "", texts[:1])) if texts else compare.never
    return None


def _some_ancestor(name: str, left: Operand, op: str, modifier: str, texts: tuple[str, ...]) -> Decide:
    """Any ancestor may fit, so `!=` means that some ancestor differs; a modifier looks at its first literal only."""
    if (modifier and not texts) or (name == "proc.apid" and op in ("in", "intersects")):
        return compare.never
    test = _test(left.type, op, "", texts[:1] if modifier else texts)
    read = left.read

    def decide(event: Event) -> bool:
        values = read(event)
        return values is not None and any(test(value) for value in values)

    return decide


def _either_end(name: str, left: Operand, op: str, modifier: str, texts: tuple[str, ...]) -> Decide:
    """One end may fit; `!=` asks that both differ. Lists mostly count their first literal only, or nothing at all."""
    if not texts or op == "intersects" or (name == "fd.ip" and op == "in"):
        return compare.never
    if modifier or name == "fd.net":
        op, texts = "=" if op == "in" else op, texts[:1]
    test, read = _test(left.type, op, "", texts), left.read
    quantify = all if op == "!=" else any

    def decide(event: Event) -> bool:
        values = read(event)
        return bool(values) and quantify(test(value) for value in values)

    return decide


def _against_operand(node: Compare, left: Operand, right: Operand) -> Check:
    op, _ = split(node.op)
    keys = left.keys + right.keys
    if op in ("in", "intersects") and (left.is_list or right.is_list or right.padded):
        decide = _in_list(left, right, op)
    else:
        decide = _pair(left, right, op)
    return Check(decide, keys, left.read, right.read)


def _in_list(left: Operand, right: Operand, op: str) -> Decide:
    quantify = all if op == "in" else any
    hidden = left.padded or right.padded  # the NUL behind a transformed value keeps it from being found

    def decide(event: Event) -> bool:
        values, known = left.read(event), right.read(event)
        if values is None or known is None:
            return False
        if not left.is_list:
            values = [values]
        if not right.is_list:
            known = [known]
        return quantify(value in known and not hidden for value in values)

    return decide


def _pair(left: Operand, right: Operand, op: str) -> Decide:
    meets, read, other = compare.pairwise(left.type, op), left.read, right.read

    def decide(event: Event) -> bool:
        value, wanted = read(event), other(event)
        return value is not None and wanted is not None and meets(value, wanted)

    return decide
