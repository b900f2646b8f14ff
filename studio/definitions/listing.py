"""The list of macros and lists as a page asks for it: whose, of which kind, with which words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

from rules_export.catalog.macros import LISTS, MACROS
from studio.accounts.models import Team
from studio.definitions import queries, uses
from studio.definitions.values import KINDS, LIST, MACRO

OWN, BUILT_IN, UPSTREAM = "own", "built-in", "upstream"
ORIGINS: Mapping[str, str] = {
    "": "All",
    OWN: "Your team's",
    BUILT_IN: "Built in",
    UPSTREAM: "Built in, and in Falco's own rules",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A macro or list in the list. says: its definition, shortened; count: values of a list; rules: how many use it."""

    origin: str
    kind: str
    name: str
    description: str
    says: str
    count: int
    url: str
    who: str = ""
    when: datetime | None = None
    rules: int = 0

    @property
    def icon(self) -> str:
        """Of its kind."""
        return "brackets" if self.kind == MACRO else "list"

    @property
    def origin_words(self) -> str:
        """Whose it is."""
        return {OWN: "your team", BUILT_IN: "built in", UPSTREAM: "built in, as upstream"}[self.origin]


@dataclass(frozen=True, slots=True)
class Asked:
    """From the address; unknown values count as absent."""

    text: str = ""
    origin: str = ""
    kind: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """From a request's GET."""
        origin, kind = query.get("origin", ""), query.get("kind", "")
        text = query.get("q", "").replace("\x00", "")[:200].strip()
        return cls(text, origin if origin in ORIGINS else "", kind if kind in KINDS else "")

    def address(self, **changes: str) -> str:
        """The query string with changes."""
        asked = {"q" if one.name == "text" else one.name: getattr(self, one.name) for one in fields(self)} | changes
        return f"?{urlencode({key: value for key, value in asked.items() if value})}"

    def wants(self, row: Row) -> bool:
        """Whether the row is asked for; its origin apart."""
        said = f"{row.name} {row.description} {row.says}".lower()
        return (not self.kind or row.kind == self.kind) and all(word in said for word in self.text.lower().split()[:8])


def rows(team: Team, asked: Asked) -> list[Row]:
    """What is asked for: the team's own by name, then the built-in ones; names that fit stand before texts that do."""
    found = [one for one in (*_own(team), *built_in()) if asked.wants(one) and asked.origin in ("", one.origin)]
    words = asked.text.lower().split()
    return sorted(found, key=lambda one: not all(word in one.name.lower() for word in words))


def counted(team: Team, page: Sequence[Row]) -> list[Row]:
    """The rows of a page, those of the team's own with the number of rules that use them."""
    names = {one.name for one in page if one.origin == OWN}
    found = Counter(name for use in uses.of(team, names) for name in use.names) if names else Counter[str]()
    return [replace(one, rules=found[one.name]) for one in page]


def chips(team: Team, asked: Asked) -> list[tuple[str, str, int, bool]]:
    """(words, address, how many, whether it is chosen) for each origin."""
    found = rows(team, Asked(asked.text, "", asked.kind))
    return [
        (title, asked.address(origin=origin), sum(origin in ("", one.origin) for one in found), origin == asked.origin)
        for origin, title in ORIGINS.items()
    ]


def _own(team: Team) -> Iterator[Row]:
    for one in queries.definitions(team):
        says = one.condition if one.kind == MACRO else ", ".join(map(str, one.items[:40]))
        about = (one.get_absolute_url(), one.updated_by.name, one.updated)
        yield Row(OWN, one.kind, one.name, one.description, says, len(one.items), *about)


@cache
def built_in() -> tuple[Row, ...]:
    """The library's, by name."""
    macros = [
        Row(_origin(one.upstream_file), MACRO, name, one.description, one.condition, 0, _url(name))
        for name, one in MACROS.items()
    ]
    lists = [
        Row(
            _origin(one.upstream_file),
            LIST,
            name,
            one.description,
            ", ".join(one.items[:40]),
            len(one.items),
            _url(name),
        )
        for name, one in LISTS.items()
    ]
    return tuple(sorted([*macros, *lists], key=lambda one: one.name))


def _origin(upstream_file: str) -> str:
    return UPSTREAM if upstream_file else BUILT_IN


def _url(name: str) -> str:
    return reverse("definitions:built_in", args=[name])
