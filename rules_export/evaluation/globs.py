"""Shell patterns as fnmatch(3) reads them in the C locale, on bytes, and lists of path prefixes (`pmatch`).

Patterns become RE2 programs: no backtracking, however many stars somebody writes. Source: falco-rules-spec 6.3 and 6.4.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from functools import lru_cache

from rules_export.evaluation.transformers import to_bytes, tolower

Test = Callable[[str], bool]

_CLASSES = {
    "alpha": string.ascii_letters,
    "digit": string.digits,
    "alnum": string.ascii_letters + string.digits,
    "upper": string.ascii_uppercase,
    "lower": string.ascii_lowercase,
    "punct": string.punctuation,
    "space": " \t\n\v\f\r",
    "blank": " \t",
    "xdigit": string.hexdigits,
    "cntrl": "".join(map(chr, [*range(32), 127])),
    "graph": string.ascii_letters + string.digits + string.punctuation,
    "print": string.ascii_letters + string.digits + string.punctuation + " ",
}
_SPECIAL = frozenset("*?[\\")


class _NeverMatchesError(Exception):
    """The pattern holds what fnmatch answers with "no match", whatever the value is."""


@lru_cache(maxsize=4096)
def glob(pattern: str, *, fold: bool = False) -> Test:
    """A test whether a whole text matches `pattern`; with `fold` ASCII case makes no difference (outside classes)."""
    simple = None if fold else _simple(pattern)
    if simple is not None:
        return simple
    try:
        expression = _translate(to_bytes(pattern), fold)
    except _NeverMatchesError:
        return lambda value: False
    import re2  # loaded by the first pattern that is not simple

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.dot_nl = True
    options.log_errors = False
    match = re2.compile(expression, options).fullmatch
    return lambda value: match(to_bytes(value)) is not None


def _simple(pattern: str) -> Test | None:
    """The everyday shapes, a text with a star at one end or at both, as plain text tests."""
    core = pattern.strip("*")
    if not _SPECIAL.isdisjoint(core):
        return None
    before, after = pattern.startswith("*"), pattern.endswith("*")
    if not core and before:
        return lambda value: True
    if before and after:
        return lambda value: core in value
    if before:
        return lambda value: value.endswith(core)
    if after:
        return lambda value: value.startswith(core)
    return lambda value: value == core


def _translate(pattern: bytes, fold: bool) -> bytes:
    parts: list[bytes] = []
    at = 0
    while at < len(pattern):
        byte = pattern[at]
        at += 1
        if byte == ord("*"):
            if parts[-1:] != [b".*"]:
                parts.append(b".*")
        elif byte == ord("?"):
            parts.append(b".")
        elif byte == ord("["):
            members, end = _bracket(pattern, at, fold)
            parts.append(_one_of(members) if end else _one_of(_folded({byte}, fold)))
            at = end or at
        else:
            if byte == ord("\\"):
                if at == len(pattern):
                    raise _NeverMatchesError
                byte = pattern[at]
                at += 1
            parts.append(_one_of(_folded({byte}, fold)))
    return b"".join(parts)


def _folded(members: set[int], fold: bool) -> set[int]:
    if not fold:
        return members
    return members | {byte ^ 32 for byte in members if chr(byte) in string.ascii_letters}


def _one_of(members: set[int]) -> bytes:
    if not members:
        raise _NeverMatchesError
    if len(members) == 256:
        return b"."
    return b"[" + b"".join(b"\\x%02x" % byte for byte in sorted(members)) + b"]"


def _bracket(pattern: bytes, at: int, fold: bool) -> tuple[set[int], int]:
    """The bytes that the bracket expression from `at` on stands for, and where it ends; 0 for one never closed."""
    negated = pattern[at : at + 1] in (b"!", b"^")
    at += negated
    members: set[int] = set()
    first = True
    while True:
        if at >= len(pattern):
            return members, 0
        if pattern[at] == ord("]") and not first:
            return (set(range(256)) - members if negated else members), at + 1
        first = False
        if pattern[at : at + 2] == b"[:":
            end = pattern.find(b":]", at + 2)
            if end > 0 and pattern[at + 2 : end].isalpha():
                members |= _class_members(pattern[at + 2 : end])
                at = end + 2
                continue
        low, at = _bracket_member(pattern, at)
        high = low
        if pattern[at : at + 1] == b"-" and pattern[at + 1 : at + 2] not in (b"]", b""):
            high, at = _bracket_member(pattern, at + 1)
        members |= _range(low, high, fold)


def _class_members(name: bytes) -> set[int]:
    members = _CLASSES.get(name.decode("ascii"))
    if members is None:
        raise _NeverMatchesError
    return {ord(character) for character in members}


def _bracket_member(pattern: bytes, at: int) -> tuple[int, int]:
    if pattern[at] == ord("\\") and at + 1 < len(pattern):
        return pattern[at + 1], at + 2
    for kind in (b".", b"="):
        if pattern[at : at + 2] == b"[" + kind and pattern[at + 3 : at + 5] == kind + b"]":
            return pattern[at + 2], at + 5
    return pattern[at], at + 1


def _range(low: int, high: int, fold: bool) -> set[int]:
    if not fold:
        return set(range(low, high + 1))
    low, high = (ord(tolower(chr(end))) for end in (low, high))
    return {byte for byte in range(256) if low <= ord(tolower(chr(byte))) <= high}


def components(path: str) -> list[str]:
    """The names between the slashes, empty ones dropped: relative, absolute and doubled slashes are all the same."""
    return [part for part in path.split("/") if part]


def path_prefixes(patterns: Sequence[str]) -> Test:
    """A test whether one of `patterns` is a leading stretch of a path, in whole components (`pmatch`)."""
    literal: dict[str | None, object] = {}
    wild: list[list[Test]] = []
    for pattern in patterns:
        parts = components(pattern)
        if any(set("?*[") & set(part) for part in parts):
            wild.append([glob(part) if set("?*[") & set(part) else part.__eq__ for part in parts])
        else:
            _plant(literal, parts)

    def test(value: str) -> bool:
        parts = components(value)
        return _leads(literal, parts) or any(
            len(tests) <= len(parts) and all(map(_apply, tests, parts)) for tests in wild
        )

    return test


def _apply(test: Test, part: str) -> bool:
    return test(part)


def _plant(tree: dict[str | None, object], parts: list[str]) -> None:
    for part in parts:
        tree = tree.setdefault(part, {})  # type: ignore[assignment]
    tree[None] = True


def _leads(tree: dict[str | None, object], parts: list[str]) -> bool:
    for part in parts:
        if None in tree:
            return True
        tree = tree.get(part)  # type: ignore[assignment]
        if tree is None:
            return False
    return None in tree
