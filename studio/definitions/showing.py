"""What a page shows of a macro or list: its values or its words, who uses it, how two texts of it differ."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rules_export.catalog.macros import LISTS, MACROS
from rules_export.definitions.closure import tree_of
from rules_export.errors import EngineError
from rules_export.language.words import outline
from rules_export.write.rule_yaml import to_yaml
from studio.accounts.models import Team
from studio.definitions import queries, uses
from studio.definitions.lexicon import LIBRARY, names_in, told
from studio.definitions.uses import Use
from studio.definitions.values import LIST, MACRO, Own, Term

#: Values of a list that a page shows at once.
SHOWN = 1000
#: Items of a list that a tooltip shows.
TOLD = 40


@dataclass(frozen=True, slots=True)
class Other:
    """A macro or list that names this one."""

    kind: str
    name: str


def about(team: Team, term: Term, find: str = "") -> dict[str, Any]:
    """term, words, yaml, values with those that are found, what it names and what names it, rules by kind."""
    own = queries.own(team.pk)
    values = [one for one in term.items if find.lower() in one.lower()]
    return {
        "term": term,
        "find": find,
        "words": in_words(term, own),
        "yaml": _yaml(term),
        "values": values[:SHOWN],
        "found": len(values),
        "more": max(0, len(values) - SHOWN),
        "needs": names_in(term, own),
        "named_by": named_by(term.name, own),
        "uses": used(team, term),
    }


def in_words(term: Term, own: Own) -> list[tuple[int, str]]:
    """A macro's condition as lines of a nested list: depth (0 to 8) and text."""
    tree = tree_of(term.condition) if term.kind == MACRO else None
    if tree is None:
        return []
    return [(min(depth, 8), text) for depth, text in outline(tree, told(own.terms.values()))][:200]


def named_by(name: str, own: Own) -> list[Other]:
    """The macros and lists that name it, the team's own first."""
    ours = [Other(one.kind, one.name) for one in own.terms.values() if name in own.needs(one)]
    lists = [Other(LIST, one.name) for one in LISTS.values() if name in one.lists]
    macros = [
        Other(MACRO, one.name) for one in MACROS.values() if name in LIBRARY.needs(Term(MACRO, one.name, one.condition))
    ]
    return [*ours, *lists, *macros]


def used(team: Team, term: Term) -> list[Use]:
    """The rules that use one of the team's own; of a built-in one nobody keeps count."""
    return uses.of(team, {term.name}) if term.name in queries.own(team.pk).terms else []


@dataclass(frozen=True, slots=True)
class Difference:
    """A part in which two texts of one definition differ. A list tells what came and what went."""

    part: str
    then: str
    now: str


def changes(then: Term, now: Term) -> list[Difference]:
    """All parts that differ."""
    found = [
        Difference(part.title(), getattr(then, part), getattr(now, part))
        for part in ("name", "description", "condition")
        if getattr(then, part) != getattr(now, part)
    ]
    if then.items != now.items:
        gone = [one for one in then.items if one not in set(now.items)]
        come = [one for one in now.items if one not in set(then.items)]
        if gone or come:
            found.append(Difference("Values", "\n".join(gone), "\n".join(come)))
        else:
            found.append(Difference("Order of values", "\n".join(then.items[:60]), "\n".join(now.items[:60])))
    return found


def _yaml(term: Term) -> str:
    try:
        return to_yaml([term.item])
    except EngineError as error:
        return f"# {error}\n"


def vocabulary(own: Own, document: str) -> str:
    """The editor's document with the team's own macros and lists in front."""
    return _vocabulary(own.everything, document) if own.terms else document


@lru_cache(maxsize=32)
def _vocabulary(terms: tuple[Term, ...], document: str) -> str:
    content = json.loads(document)
    macros = [
        {"name": one.name, "description": one.description or "A macro of your team.", "condition": one.condition}
        for one in terms
        if one.kind == MACRO
    ]
    lists = [
        {"name": one.name, "description": one.description or "A list of your team.", "items": one.items[:TOLD],
         "count": len(one.items)}
        for one in terms
        if one.kind == LIST and one.items != (one.name,)
    ]  # fmt: skip
    content["macros"] = [*macros, *content["macros"]]
    content["lists"] = [*lists, *content["lists"]]
    return json.dumps(content, separators=(",", ":"))
