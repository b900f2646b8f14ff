"""The names that somebody who writes a condition may use: the built-in macros and lists, and the team's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType

from rules_export.catalog.macros import LISTS, MACROS, ListInfo, MacroInfo
from rules_export.lints.context import LintContext
from studio.definitions.values import LIST, MACRO, NOTHING, Own, Term, items_of
from studio.lab.compiled import Brings, library

#: The group of a team's own in the library.
OWN_GROUP = "own"


@dataclass(frozen=True)
class Lexicon:
    """Macros and lists by name, the team's own first."""

    macros: Mapping[str, MacroInfo]
    lists: Mapping[str, ListInfo]
    own: Own = NOTHING

    @cached_property
    def brings(self) -> Brings:
        """All of the team's own, as a rule would bring them."""
        return items_of(self.own.everything)

    @property
    def known(self) -> LintContext:
        """The same as trees."""
        return library(self.brings)


BUILT_IN = Lexicon(MACROS, LISTS)


def lexicon(own: Own) -> Lexicon:
    """The built-in names with the team's own; one object for one state of the team."""
    return _lexicon(own.everything) if own.terms else BUILT_IN


@lru_cache(maxsize=128)
def _lexicon(terms: tuple[Term, ...]) -> Lexicon:
    macros = {one.name: macro_info(one) for one in terms if one.kind == MACRO}
    lists = {one.name: list_info(one) for one in terms if one.kind != MACRO}
    own = Own(MappingProxyType({one.name: one for one in terms}))
    values = {one.name for one in terms if one.kind == LIST and one.items == (one.name,)}  # see Own.within
    shown = {name: info for name, info in {**lists, **LISTS, **lists}.items() if name not in values}
    return Lexicon(MappingProxyType({**macros, **MACROS, **macros}), MappingProxyType(shown), own)


def macro_info(term: Term) -> MacroInfo:
    """A team's macro as the library describes macros."""
    return MacroInfo(term.name, term.condition, (), "", term.description, OWN_GROUP)


def list_info(term: Term) -> ListInfo:
    """A team's list as the library describes lists."""
    return ListInfo(term.name, term.items, (), "", term.description, OWN_GROUP)


LIBRARY = Own(
    MappingProxyType(
        {one.name: Term(LIST, one.name, items=one.items) for one in LISTS.values()}
        | {one.name: Term(MACRO, one.name, one.condition) for one in MACROS.values()}
    )
)


def names_in(term: Term, own: Own) -> list[str]:
    """The team's and the built-in macros and lists that a macro or list names, by name."""
    return sorted(Own(MappingProxyType({**LIBRARY.terms, **own.terms})).needs(term))


def told(terms: Iterable[Term]) -> Mapping[str, str]:
    """What each macro says, in words: these first, then the built-in ones."""
    own = {one.name: one.description for one in terms if one.kind == MACRO and one.description}
    return {**_built_in(), **own}


@lru_cache(maxsize=1)
def _built_in() -> Mapping[str, str]:
    return {name: one.description for name, one in MACROS.items()}
