"""One value against literals: for every type and operator a test made ready once, literals parsed, patterns compiled.

A test gets a value that is there; that None answers false is its caller's business. Source: falco-rules-spec 6.2, 6.3.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from rules_export.catalog.operators import ADDRESSES, NETWORKS
from rules_export.catalog.values import parse_literal
from rules_export.evaluation.event import address
from rules_export.evaluation.globs import glob, path_prefixes
from rules_export.evaluation.operands import TEXTS
from rules_export.evaluation.transformers import to_bytes, tolower

Test = Callable[[Any], bool]

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SURROGATE = re.compile("[\udc80-\udcff]")


def never(value: Any) -> bool:
    """The test that nothing passes."""
    return False


def always(value: Any) -> bool:
    """The test that every value passes."""
    return True


def single(kind: str, op: str, text: str) -> Test:
    """`value op text` for an operator that takes one literal."""
    if kind in ADDRESSES:
        return _address(op, parse_literal(kind, text, op))
    if kind in NETWORKS:
        inside = _inside(parse_literal(kind, text, op))
        return inside if op in ("=", "==") else lambda value: not inside(value)
    known = parse_literal(kind, text, op)
    return _text(op, known) if kind in TEXTS and op in _TEXT_TESTS else _ordered(op, known)


def _ordered(op: str, known: Any) -> Test:
    if op in ("=", "=="):
        return lambda value: bool(value == known)
    if op == "!=":
        return lambda value: bool(value != known)
    compare = _ORDER[op]
    return lambda value: compare(value, known)


def _address(op: str, known: Any) -> Test:
    if op in ("=", "=="):
        return lambda value: address(value) == known
    return lambda value: address(value) != known


def _inside(network: tuple[int, int, int]) -> Test:
    """Whether an address lies in (version, number, length of the prefix); another family never does."""
    version, number, length = network
    shift = (32 if version == 4 else 128) - length
    wanted = number >> shift

    def test(value: Any) -> bool:
        found = address(value)
        return found is not None and found[0] == version and found[1] >> shift == wanted

    return test


def _text(op: str, known: Any) -> Test:
    if op in _BYTEWISE and _SURROGATE.search(known):
        return _bytewise(op, known)
    return _TEXT_TESTS[op](known)


def _contains(text: str) -> Test:
    return lambda value: text in value


def _icontains(text: str) -> Test:
    folded = tolower(text)
    return lambda value: folded in tolower(value)


def _startswith(text: str) -> Test:
    return lambda value: bool(value.startswith(text))


def _endswith(text: str) -> Test:
    return lambda value: bool(value.endswith(text))


def _buffer(meets: Callable[[bytes, bytes], bool]) -> Callable[[bytes], Test]:
    return lambda wanted: lambda value: meets(to_bytes(value), wanted)


_BYTEWISE: dict[str, Callable[[bytes, bytes], bool]] = {
    "contains": lambda value, wanted: wanted in value,
    "startswith": bytes.startswith,
    "endswith": bytes.endswith,
}


def _bytewise(op: str, text: str) -> Test:
    """For a literal that is not UTF-8: it may meet the inside of a character, so bytes are compared."""
    meets, wanted = _BYTEWISE[op], to_bytes(text)
    return lambda value: meets(to_bytes(value), wanted)


@lru_cache(maxsize=4096)
def regex(pattern: str) -> Test:
    """RE2 in POSIX syntax, against the whole value. Raises ValueError for a pattern that RE2 refuses."""
    import re2  # loaded by the first regular expression only

    options = re2.Options()
    options.posix_syntax = options.longest_match = True
    options.log_errors = False
    try:
        match = re2.compile(to_bytes(pattern), options).fullmatch
    except re2.error as error:
        raise ValueError(f"invalid regex pattern: {error}") from None

    def test(value: str) -> bool:
        data = value if value.isascii() else _SURROGATE.sub("\ufffd", value)
        return match(data.encode()) is not None

    return test


_TEXT_TESTS: dict[str, Callable[[Any], Test]] = {
    "contains": _contains,
    "icontains": _icontains,
    "startswith": _startswith,
    "endswith": _endswith,
    "glob": glob,
    "iglob": lambda text: glob(text, fold=True),
    "regex": regex,
    "bcontains": _buffer(bytes.__contains__),
    "bstartswith": _buffer(bytes.startswith),
}


def member(kind: str, texts: Sequence[str]) -> Test:
    """Whether a value is one of `texts` (`in`); networks ask whether the address lies in one of them."""
    if kind in NETWORKS:
        tests = [single(kind, "=", text) for text in texts]
        return lambda value: any(test(value) for test in tests)
    known = frozenset(parse_literal(kind, text) for text in texts)
    if kind in ADDRESSES:
        return lambda value: address(value) in known
    return lambda value: value in known


def modified(kind: str, op: str, modifier: str, texts: Sequence[str]) -> Test:
    """`value op modifier (texts)`: oneof counts places in the list, no modifier is met by an empty list."""
    if not texts:
        return never
    if kind in NETWORKS and (op, modifier) in {("=", "anyof"), ("==", "anyof")}:
        return never  # Falco compares the bytes of an address with those of a network
    if kind in NETWORKS and (op, modifier) == ("!=", "allof"):
        return always
    if modifier == "anyof" and op in ("=", "=="):
        return member(kind, texts)
    tests = [single(kind, op, text) for text in texts]
    if modifier == "anyof":
        return lambda value: any(test(value) for test in tests)
    if modifier == "allof":
        return lambda value: all(test(value) for test in tests)
    return lambda value: sum(1 for test in tests if test(value)) == 1


def paths(texts: Sequence[str]) -> Test:
    """`pmatch`: whether one of `texts` leads the value's path."""
    return path_prefixes(texts)


def pairwise(kind: str, op: str) -> Callable[[Any, Any], bool]:
    """`left op right` for two values of one type."""
    if op in ("in", "intersects", "="):
        op = "=="
    if kind in ADDRESSES:
        equal = op == "=="
        return lambda left, right: (address(left) == address(right)) is equal
    if op in _ORDER and kind in TEXTS:
        compare = _ORDER[op]
        return lambda left, right: compare(to_bytes(left), to_bytes(right))
    if op in _ORDER:
        return _ORDER[op]
    if op == "==":
        return operator.eq
    if op == "!=":
        return operator.ne
    make = _TEXT_TESTS[op]
    return lambda left, right: make(right)(left)
