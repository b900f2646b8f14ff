"""What a description gives: proposals, each a clause with its reason and an event that it matches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules_export.language.ast import And, Compare, Field, Identifier, Node, Or, Value, ValueList
from rules_export.language.printer import to_text
from studio.behaviours.records import SampleEvent

LONGEST_LITERAL = 200  # characters, safely below Falco's 255 bytes for ordinary text


@dataclass(frozen=True, slots=True)
class Proposal:
    """One clause. `why`: what it looks at and why; `event`: one that it matches; `line`: of the text, from 1;
    `behaviour`: the library's behaviour that it comes from, empty for a clause made up from the text."""

    clause: str
    title: str
    why: str
    event: SampleEvent
    line: int = 1
    behaviour: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """Every proposal in the text's order, and in words what could not be read or had nothing to offer."""

    proposals: tuple[Proposal, ...]
    unread: tuple[str, ...] = ()


def clause(macro: str, checks: Iterable[Node]) -> str:
    """`macro and check and …` as one line."""
    parts = (Identifier(macro), *checks)
    return to_text(And(parts) if len(parts) > 1 else parts[0])


def all_of(checks: Iterable[Node]) -> str:
    """The checks joined by `and`, as one line."""
    parts = tuple(checks)
    return to_text(And(parts) if len(parts) > 1 else parts[0])


def is_equal(field: str, value: str) -> Node:
    """`field = value`."""
    return Compare(Field(field), "=", Value(value))


def contains(field: str, value: str) -> Node:
    """`field contains value`."""
    return Compare(Field(field), "contains", Value(value[:LONGEST_LITERAL]))


def is_one_of(field: str, values: Iterable[str]) -> Node:
    """`field in (values)`."""
    return Compare(Field(field), "in", ValueList(tuple(values)))


def any_of(checks: Iterable[Node]) -> Node:
    """The checks joined by `or`."""
    parts = tuple(checks)
    return Or(parts) if len(parts) > 1 else parts[0]


def at_path(field: str, parts: tuple[str, ...]) -> Node:
    """A path equal to its only part; beginning with the first and ending with the last where the shell fills in."""
    if len(parts) == 1:
        return is_equal(field, parts[0][:LONGEST_LITERAL])
    ends = [("startswith", parts[0]), ("endswith", parts[-1])]
    checks = tuple(Compare(Field(field), op, Value(text[:LONGEST_LITERAL])) for op, text in ends if text)
    return And(checks) if len(checks) > 1 else checks[0]
