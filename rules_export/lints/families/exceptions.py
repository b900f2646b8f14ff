"""Exceptions that never apply, apply to everything, or are not read as their author meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rules_export.catalog.field_events import carries, events_with
from rules_export.errors import ConditionSyntaxError
from rules_export.findings import Severity
from rules_export.language.ast import And, Compare, Node, Or, Value, ValueList
from rules_export.language.operators import FIELD_TRANSFORMER, LIST_OPERATORS, TRANSFORMERS, split
from rules_export.language.parser import parse
from rules_export.lints.claims import first_conflict, follows
from rules_export.lints.context import Subject, conjuncts
from rules_export.lints.registry import Remark, lint
from rules_export.lints.wording import brief, do, series
from rules_export.ruleset.model import Entry, RuleException

_NAME = "user.name"
#: A value that Falco reads as another field, perhaps changed: it is no literal.
_CALL = re.compile(rf"({'|'.join([FIELD_TRANSFORMER, *TRANSFORMERS])})\(.*\)(\[.*\])?", re.DOTALL)


@lru_cache(maxsize=512)
def _left(field: str) -> Compare | None:
    """A comparison whose left side is the exception's field, to build others from; None where it is no field."""
    try:
        node = parse(f"{field} = x")
    except ConditionSyntaxError:
        return None
    return node if isinstance(node, Compare) else None


def rows(exception: RuleException) -> Iterator[tuple[Entry, Node | None]]:
    """Each value of an exception with the condition that it stands for; None where it has no proper shape."""
    single = isinstance(exception.fields, str)
    fields = (exception.fields,) if single else exception.fields or ()
    usual = "in" if single else "="
    comps = exception.comps if isinstance(exception.comps, tuple) else (exception.comps or usual,) * len(fields)
    for value in exception.values:
        row = (value,) if single else value
        if not isinstance(row, tuple) or not len(row) == len(fields) == len(comps):
            yield value, None
            continue
        parts = [_part(*one) for one in zip(fields, comps, row, strict=True)]
        clauses = tuple(part for part in parts if part is not None)
        whole = clauses[0] if len(clauses) == 1 else And(clauses) if clauses else None
        yield value, whole if len(clauses) == len(parts) else None


def _part(field: Entry, comp: Entry, value: Entry) -> Node | None:
    left = _left(field) if isinstance(field, str) else None
    if left is None or not isinstance(comp, str):
        return None
    items = tuple(one for one in value if isinstance(one, str)) if isinstance(value, tuple) else (value,)
    if any(_CALL.fullmatch(item) for item in items if isinstance(item, str)):
        return None
    texts = tuple(item.strip("\"'") if len(item) > 1 else item for item in items if isinstance(item, str))
    base, modifier = split(comp.strip())
    if base in LIST_OPERATORS or modifier:
        return Compare(left.left, comp.strip(), ValueList(texts))
    return Compare(left.left, comp.strip(), Value(texts[0])) if len(texts) == 1 else None


@lint(
    "MEWS_EXCEPTION_EMPTY",
    Severity.ADVICE,
    "An exception without values",
    hint="It changes nothing until values are added, here or by an override elsewhere. Leave it out if nobody will.",
    place="exceptions",
    bad={"exceptions": (RuleException("backup_jobs", _NAME),)},
    good={"exceptions": (RuleException("backup_jobs", _NAME, "in", ("backup",)),)},
)
def exception_empty(subject: Subject) -> Iterator[Remark]:
    for one in subject.rule.exceptions:
        if not one.values:
            yield Remark(f"The exception {one.name} has no values.")


@lint(
    "MEWS_EXCEPTION_DUPLICATE",
    Severity.ADVICE,
    "A value of an exception stands there twice",
    hint="Leave one of them out.",
    place="exceptions",
    bad={"exceptions": (RuleException("backup_jobs", _NAME, "in", ("backup", "backup")),)},
    good={"exceptions": (RuleException("backup_jobs", _NAME, "in", ("backup", "restic")),)},
)
def exception_duplicate(subject: Subject) -> Iterator[Remark]:
    seen: dict[tuple[Entry, Entry, Entry], str] = {}
    for one in subject.rule.exceptions:
        for value in one.values:
            key = (one.fields, one.comps, value)
            if key in seen:
                where = f" and in {seen[key]}" if seen[key] != one.name else ""
                yield Remark(f"{_shown(value)} stands twice in the exception {one.name}{where}.")
            seen[key] = one.name


@lint(
    "MEWS_EXCEPTION_NEVER_APPLIES",
    Severity.WARNING,
    "An exception that never applies",
    hint="The condition already rules out what the exception excludes. Correct the value, or leave it out.",
    place="exceptions",
    bad={"exceptions": (RuleException("other_tools", "proc.name", "in", ("apt",)),)},
    good={"exceptions": (RuleException("callers", "proc.pname", "in", ("apt",)),)},
)
def exception_never_applies(subject: Subject) -> Iterator[Remark]:
    alternatives = _alternatives(subject)
    for one in subject.rule.exceptions:
        for value, clause in rows(one):
            if clause is not None and alternatives and all(_excluded(clause, branch) for branch in alternatives):
                yield Remark(f"{_shown(value)} in the exception {one.name} never meets the rule's condition.")


def _excluded(clause: Node, branch: tuple[Node, ...]) -> bool:
    return first_conflict([*branch, *conjuncts(clause)], len(branch)) is not None


@lint(
    "MEWS_EXCEPTION_SWALLOWS",
    Severity.WARNING,
    "An exception that swallows the rule",
    hint="It excludes all that the condition finds, so that the rule never fires. Make it narrower.",
    place="exceptions",
    bad={"exceptions": (RuleException("tools", "proc.name", "in", ("systemctl",)),)},
    good={"exceptions": (RuleException("tools", ("proc.name", _NAME), ("=", "="), (("systemctl", "backup"),)),)},
)
def exception_swallows(subject: Subject) -> Iterator[Remark]:
    alternatives = _alternatives(subject)
    for one in subject.rule.exceptions:
        clauses = tuple(clause for _, clause in rows(one) if clause is not None)
        if clauses and isinstance(one.fields, str):
            clauses = (_joined(clauses),)
        if any(alternatives and all(follows(clause, branch) for branch in alternatives) for clause in clauses):
            yield Remark(f"The exception {one.name} excludes everything that the condition finds.")


def _joined(clauses: tuple[Node, ...]) -> Node:
    """The single values of an exception as the one `in` that Falco makes of them."""
    first = clauses[0]
    if isinstance(first, Compare) and isinstance(first.right, ValueList):
        lists = [one.right.items for one in clauses if isinstance(one, Compare) and isinstance(one.right, ValueList)]
        return Compare(first.left, first.op, ValueList(tuple(item for items in lists for item in items)))
    return first


@lint(
    "MEWS_EXCEPTION_FIELD_OF_OTHER_EVENTS",
    Severity.WARNING,
    "An exception on a field that the rule's events do not have",
    hint="A missing field never excludes anything. Choose a field that these events have.",
    place="exceptions",
    bad={"exceptions": (RuleException("backup_files", "evt.arg.newpath", "in", ("/backup/x",)),)},
    good={"exceptions": (RuleException("callers", "proc.pname", "in", ("apt",)),)},
)
def exception_field_of_other_events(subject: Subject) -> Iterator[Remark]:
    for one in subject.rule.exceptions:
        for field in one.fields if isinstance(one.fields, tuple) else (one.fields,):
            if isinstance(field, str) and subject.events and not _filled(field, subject.events):
                types = f"{series(sorted(subject.events))} {do(sorted(subject.events))}"
                yield Remark(f"{types} not fill {field}: the exception {one.name} never applies.")


def _filled(field: str, events: frozenset[str]) -> bool:
    """Whether any of the events gives the field a value, as far as we know."""
    argument = field.removeprefix("evt.arg.")
    if argument != field:
        return any(carries(event, argument) for event in events)
    filled = events_with(field)
    return filled is None or bool(filled & events)


@lint(
    "MEWS_EXCEPTION_VALUE_SPLIT",
    Severity.WARNING,
    "A value that Falco reads as several, or not at all",
    hint="Falco puts values into the condition as they are. Write quotes into the value: '\"a,b\"'.",
    place="exceptions",
    bad={"exceptions": (RuleException("mounts", "proc.args", "in", ("remount,ro",)),)},
    good={"exceptions": (RuleException("mounts", "proc.args", "in", ('"remount,ro"',)),)},
)
def exception_value_split(subject: Subject) -> Iterator[Remark]:
    for one in subject.rule.exceptions:
        for text in _texts(one.values):
            quoted = text[:1] in ('"', "'") and text[:1] == text[-1:] and len(text) > 1
            grouped = (text.startswith("(") and text.endswith(")")) or _CALL.fullmatch(text) is not None
            plain = " " not in text or any(char in text for char in "\"'")
            if not quoted and not grouped and plain and re.search(r"""[,=()"']""", text):
                yield Remark(f"The value {brief(text)} of the exception {one.name} needs quotes of its own.")


def _texts(entry: Entry) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for one in entry or ():
            yield from _texts(one)


def _alternatives(subject: Subject) -> tuple[tuple[Node, ...], ...]:
    """The alternatives of the condition, each as clauses, with macros and lists put in."""
    if subject.whole is None:
        return ()
    alternatives = subject.whole.args if isinstance(subject.whole, Or) else (subject.whole,)
    return tuple(conjuncts(one) for one in alternatives)


def _shown(value: Entry) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_shown, value))})"
    return brief(str(value))
