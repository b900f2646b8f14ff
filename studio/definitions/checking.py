"""What is to be said of a macro or list before it is saved: its name, its text, its place among the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from rules_export.catalog.known_values import known_values
from rules_export.catalog.macros import LISTS, MACROS, words
from rules_export.errors import ConditionSyntaxError
from rules_export.findings import Finding, Severity
from rules_export.language.ast import Identifier
from rules_export.language.operators import FIELD_TRANSFORMER, MODIFIERS, OPERATORS, TRANSFORMERS
from rules_export.language.parser import parse
from rules_export.lints.registry import known
from rules_export.lints.runner import studio_checks
from rules_export.ruleset.model import Rule
from rules_export.verdict.editing import check_rule
from studio.definitions.values import LIST, MACRO, Own, Term, items_of
from studio.lab.compiled import library, ruleset

MOST_ITEMS = 5000
_RESERVED = frozenset({"and", "or", "not", *OPERATORS, *MODIFIERS, *TRANSFORMERS, FIELD_TRANSFORMER})
LONGEST_NAME = 100
LONGEST_CONDITION = 20_000
LONGEST_ITEM = 1000


def check(term: Term, own: Own, before: str = "") -> list[Finding]:
    """All findings, errors first. own: the team's others and its state now; before: the name that it has now."""
    others = own.changed(without=before) if before else own
    found = [*_name(term, others), *_body(term, others, own.changed(term, without=before))]
    return sorted(found, key=lambda one: list(Severity).index(one.severity))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those with which nothing is saved."""
    return [one for one in findings if one.severity is Severity.ERROR]


def _said(code: str, message: str, place: str, term: Term, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(f"MEWS_{code}", severity, message, place, term.name)


def _name(term: Term, others: Own) -> Iterator[Finding]:
    name = term.name
    if not name:
        yield _said("NAME_MISSING", "Give it a name.", "name", term)
        return
    if len(name) > LONGEST_NAME:
        yield _said("NAME_TOO_LONG", f"A name has at most {LONGEST_NAME} characters.", "name", term)
        return
    if not _is_name(name):
        says = "A name is one word of letters, digits and underscores, a letter first, and no word of the language."
        yield _said("NAME_MALFORMED", says, "name", term)
        return
    if name in MACROS or name in LISTS:
        kind = "macro" if name in MACROS else "list"
        yield _said("NAME_BUILT_IN", f"There is a built-in {kind} of this name. Choose another.", "name", term)
    elif name in others.terms:
        kind = others.terms[name].kind
        yield _said("NAME_TAKEN", f"Your team has a {kind} of this name already. Choose another.", "name", term)
    elif name in _values() or any(name in other.items for other in others.terms.values() if term.kind == MACRO):
        yield _said("NAME_IS_VALUE", f"{name} is a value that rules compare with. Choose another name.", "name", term)
    elif name != name.lower():
        says = "Names of macros and lists are lower case by custom."
        yield _said("NAME_CASE", says, "name", term, Severity.ADVICE)


def _is_name(name: str) -> bool:
    if name in _RESERVED:
        return False
    try:
        return parse(name) == Identifier(name)
    except ConditionSyntaxError:
        return False


@cache
def _values() -> frozenset[str]:
    """Words that stand as values in the library, and the event types: a list of that name would take their place."""
    items = {item for one in LISTS.values() for item in one.items}
    used = {word for one in MACROS.values() for word in words(one.condition)}
    return frozenset((items | used | set(known_values("evt.type"))) - MACROS.keys() - LISTS.keys())


def _body(term: Term, others: Own, whole: Own) -> Iterator[Finding]:
    place = "condition" if term.kind == MACRO else "items"
    if term.name and (circle := _circle(term, whole)):
        yield _said("LOOP", f"It leads back to itself: {' → '.join(circle)}.", place, term)
    elif term.kind == MACRO:
        yield from _condition(term, others)
    else:
        yield from _items(term, whole)


def _circle(term: Term, whole: Own) -> list[str]:
    """The way from the term back to itself, or nothing."""
    if term.kind == LIST and term.name in term.items:
        return [term.name, term.name]
    ways, seen = [[term.name]], {term.name}
    while ways:
        way = ways.pop(0)
        for name in sorted(whole.needs(whole.terms[way[-1]])):
            if name == term.name:
                return [*way, name]
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def _condition(term: Term, others: Own) -> Iterator[Finding]:
    text = term.condition.strip()
    if not text:
        yield _said("CONDITION_MISSING", "Say when it holds: a condition.", "condition", term)
        return
    if len(text) > LONGEST_CONDITION:
        yield _said("CONDITION_TOO_LONG", f"At most {LONGEST_CONDITION:,} characters.", "condition", term)
        return
    brings = items_of(others.closure([term.condition]))
    rule = Rule(term.name or "macro", term.condition, "x", "x", "NOTICE", brings=brings)
    for one in check_rule(rule, ruleset(brings)):
        if one.place == "condition" and one.code != "LOAD_NO_EVTTYPE":
            yield one
    for one in studio_checks(rule, library(brings)):
        if one.place == "condition" and not _is_of_rules(one.code):
            yield one


def _is_of_rules(code: str) -> bool:
    """Whether the lint speaks of whole rules; a macro is a part of one."""
    lint = known(code)
    return lint is not None and lint.whole_rule


def _items(term: Term, whole: Own) -> Iterator[Finding]:
    items = term.items
    if len(items) > MOST_ITEMS:
        yield _said(
            "LIST_TOO_LONG", f"A list takes at most {MOST_ITEMS:,} values; these are {len(items):,}.", "items", term
        )
        return
    if long := next((one for one in items if len(one) > LONGEST_ITEM), None):
        yield _said(
            "VALUE_TOO_LONG", f"The value {long[:40]}… is longer than {LONGEST_ITEM} characters.", "items", term
        )
        return
    yield from _nested(term, whole)
    if not items:
        yield _said("LIST_EMPTY", "The list is empty: no value is in it.", "items", term, Severity.ADVICE)
    if twice := duplicates(items):
        names = ", ".join(twice[:5]) + (f" and {len(twice) - 5} more" if len(twice) > 5 else "")
        yield _said("DUPLICATE_VALUES", f"More than once: {names}.", "items", term, Severity.WARNING)
    if calls := [one for one in items if one in MACROS or _kind(whole, one) == MACRO]:
        says = f"{calls[0]} is a macro; in a list it counts as a plain value."
        yield _said("MACRO_IN_LIST", says, "items", term, Severity.WARNING)
    yield from _verdict(term, whole)


def duplicates(items: Iterable[str]) -> list[str]:
    """The values that stand more than once, in order."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for one in items:
        if one in seen:
            twice[one] = None
        seen.add(one)
    return list(twice)


def _kind(own: Own, name: str) -> str:
    return own.terms[name].kind if name in own.terms else ""


def _lists_in(name: str, own: Own) -> list[str]:
    """The lists that a list names."""
    items = own.terms[name].items if _kind(own, name) == LIST else LISTS[name].items if name in LISTS else ()
    return [one for one in items if one in LISTS or _kind(own, one) == LIST]


def _nested(term: Term, whole: Own) -> Iterator[Finding]:
    """Falco unfolds lists in a list, and no lists in those."""
    inner = _lists_in(term.name, whole) if term.name in whole.terms else []
    for name in inner:
        if deeper := _lists_in(name, whole):
            says = (
                f"The list {name} names the list {deeper[0]} itself. Falco looks only one list deep, so {deeper[0]} "
                "would count as a value: write its values here."
            )
            yield _said("NESTED_TOO_DEEP", says, "items", term)
    if not inner:
        return
    for other in whole.terms.values():
        if other.kind == LIST and other.name != term.name and term.name in other.items:
            says = f"The list {other.name} names this list, so this one may not name lists: Falco looks one list deep."
            yield _said("NESTED_TOO_DEEP", says, "items", term)


def _verdict(term: Term, whole: Own) -> Iterator[Finding]:
    """What Falco says of a rule that uses the list."""
    if not _is_name(term.name):
        return
    brings = items_of(whole.changed(term).closure([f"x in ({term.name})"]))
    rule = Rule(term.name, f"evt.type = execve and proc.name in ({term.name})", "x", "x", "NOTICE", brings=brings)
    for one in check_rule(rule, ruleset(brings)):
        if one.place == "condition" and one.severity is Severity.ERROR:
            yield Finding(one.code, one.severity, one.message, "items", term.name)
            return
