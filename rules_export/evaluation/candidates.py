"""Values that might satisfy checks of one field: literals, and texts put together from several. All are guesses."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rules_export.catalog.fields import CatalogError
from rules_export.catalog.operators import ADDRESSES, NETWORKS
from rules_export.catalog.values import parse_literal
from rules_export.evaluation.event import address_text
from rules_export.evaluation.operands import TEXTS
from rules_export.language.ast import Compare, Field, Transformer, Value, ValueList
from rules_export.language.operators import split

#: (operator, modifier, literals) of one check.
Asked = tuple[str, str, tuple[str, ...]]
_CLASS = re.compile(r"\[:(\w+):\]")
_SAMPLES = {
    "alpha": "a",
    "alnum": "a",
    "digit": "1",
    "upper": "A",
    "lower": "a",
    "space": " ",
    "punct": "-",
    "xdigit": "a",
}
_LONGEST = 4_000


def asked(node: Compare) -> Asked | None:
    """What a check asks of its field, None where it compares with another field."""
    if not isinstance(node.right, (Value, ValueList)):
        return None
    op, modifier = split(node.op)
    return op, modifier, node.right.items if isinstance(node.right, ValueList) else (node.right.text,)


def values(kind: str, checks: Sequence[Compare]) -> Iterator[Any]:
    """Values of type `kind` to try for checks that must hold together, likeliest first; may repeat itself."""
    wanted = [question for node in checks if (question := asked(node)) is not None]
    literals = list(dict.fromkeys(text for _, _, texts in wanted for text in texts))
    if kind in TEXTS:
        for text in _texts(wanted, literals):
            yield from _under_transformers(text, checks)
        lengths = [int(text) for text in literals if text.isascii() and text.isdigit() and int(text[:9]) <= _LONGEST]
        yield from ("x" * max(0, length + step) for length in lengths for step in (0, 1, -1))
        yield from ("sample", "/srv/sample", "/srv/sample/", "a", "0", "")
    elif kind == "BOOL":
        yield from (True, False)
    elif kind in ADDRESSES | NETWORKS:
        yield from _addresses(kind, literals)
    else:
        numbers = list(_parsed(kind, literals))
        yield from (number + step for step in (0, 1, -1) for number in numbers)
        yield from (1, 0, 2, 1000)


def _parsed(kind: str, literals: Iterable[str]) -> Iterator[Any]:
    for text in literals:
        try:
            yield parse_literal(kind, text)
        except CatalogError:
            continue


def _addresses(kind: str, literals: Iterable[str]) -> Iterator[str]:
    for family, number, *_ in _parsed(kind, literals):
        yield address_text(family, number)
        if number + 1 < 1 << (32 if family == 4 else 128):
            yield address_text(family, number + 1)
    yield from ("192.0.2.1", "2001:db8::1", "10.0.0.1")


def _texts(wanted: Sequence[Asked], literals: Sequence[str]) -> Iterator[str]:
    """Each literal, and what begins, contains and ends as all of them together ask."""
    for op, _, texts in wanted:
        if op in ("=", "==", "in", "intersects"):
            yield from texts
    first, last = "", ""
    inside: list[str] = []
    paths: list[str] = []
    for op, modifier, texts in wanted:
        chosen = texts if modifier == "allof" else texts[:1]
        if op == "startswith":
            first = max([first, *chosen], key=len)
        elif op == "endswith":
            last = max([last, *chosen], key=len)
        elif op in ("contains", "icontains"):
            inside += chosen
        elif op == "pmatch":
            paths += chosen
        elif op == "regex":
            yield from map(_of_regex, texts)
    globs = [text for op, _, texts in wanted if op in ("glob", "iglob") for text in texts]
    yield from (_of_glob(text, star) for text in globs for star in ("", *inside, "".join(inside)))
    yield from _put_together(first, inside, last, [_of_glob(path) for path in paths])
    yield from literals
    yield from (_of_glob(text) for text in literals if set(text) & set("*?["))


def _put_together(first: str, inside: list[str], last: str, paths: list[str]) -> Iterator[str]:
    for start in [first, *(f"{first or path}" for path in paths), *(f"{path}/" for path in paths)]:
        missing = [text for text in dict.fromkeys(inside) if text not in start and text not in last]
        for glue in (" ", "", "/"):
            yield glue.join(part for part in (start, *missing, last) if part)
            yield start + glue.join(missing) + last


def _under_transformers(text: str, checks: Sequence[Compare]) -> Iterator[str]:
    """`text`, and what becomes it under the transformers that the checks put around the field."""
    names = {name for node in checks for name in _wrapped_in(node.left)}
    if "basename" in names:
        yield "/usr/bin/" + text
    if "b64" in names:
        yield base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()
    yield text


def _wrapped_in(left: Field | Transformer) -> Iterator[str]:
    while isinstance(left, Transformer):
        yield left.name
        inner = left.args[0]
        if not isinstance(inner, (Field, Transformer)):
            return
        left = inner


def _of_glob(pattern: str, star: str = "") -> str:
    """A text that the shell pattern is likely to match: `star` for stars, one letter for a question mark."""
    made, at = [], 0
    while at < len(pattern):
        letter = pattern[at]
        at += 1
        if letter == "\\" and at < len(pattern):
            made.append(pattern[at])
            at += 1
        elif letter == "?":
            made.append("x")
        elif letter == "[" and (end := pattern.find("]", at + 1)) > 0:
            made.append(_member(pattern[at:end]))
            at = end + 1
        else:
            made.append(star if letter == "*" else letter)
    return "".join(made)


def _member(inside: str) -> str:
    """One character of a bracket expression's inside."""
    if inside[:1] in ("^", "!"):
        return next(letter for letter in "x1-_ Xz~é" if letter not in inside)
    named = _CLASS.match(inside)
    return _SAMPLES.get(named.group(1), "a") if named else inside[:1].replace("\\", inside[1:2])


_REGEX_PART = re.compile(
    r"(?P<class>\[\^?\]?(?:\[:\w+:\]|[^\]\\]|\\.)*\])|\\(?P<escaped>.)|(?P<any>\.)|(?P<anchor>[\^$])"
    r"|(?P<other>[^()|*+?{}])",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"[*?]|\+|\{(\d+)[^}]*\}")


def _of_regex(pattern: str) -> str:
    """A text that a simple expression matches: first alternatives, fewest repetitions. A guess for others."""
    return _sequence(pattern[:_LONGEST], 0)[0]


def _sequence(pattern: str, at: int) -> tuple[str, int]:
    """The text for the expression from `at` to the next unmatched parenthesis, and where that stands."""
    made, chosen = "", None
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            chosen = made if chosen is None else chosen
            made, at = "", at + 1
            continue
        piece, at = _piece(pattern, at)
        quantifier = _QUANTIFIER.match(pattern, at)
        times = 1
        if quantifier is not None:
            at = quantifier.end()
            times = min(int(quantifier.group(1) or 0), 100) if quantifier.group() != "+" else 1
        made += piece * times
    return made if chosen is None else chosen, at


def _piece(pattern: str, at: int) -> tuple[str, int]:
    if pattern[at] == "(":
        made, end = _sequence(pattern, at + 1)
        return made, end + 1
    found = _REGEX_PART.match(pattern, at)
    if found is None:
        return "", at + 1
    if found["class"]:
        return _member(found["class"][1:-1]), found.end()
    if found["any"]:
        return "x", found.end()
    return found["escaped"] or found["other"] or "", found.end()
