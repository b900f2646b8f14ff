"""The list of drafts as a page asks for it: search, chips by state, sort; all of it in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from studio.accounts.models import User
from studio.authoring.models import Draft

STATES: Mapping[str, tuple[str, Q]] = {
    "": ("All", Q()),
    "unfinished": ("Unfinished", Q(complete=False)),
    "complete": ("Complete", Q(complete=True)),
    "review": ("In review", Q(handed_in__isnull=False)),
    "mine": ("Mine", Q()),
}
SORTS = {"changed": ("-updated", "-id"), "name": ("title", "id"), "created": ("-created", "-id")}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; unknown values count as absent."""

    text: str = ""
    state: str = ""
    sort: str = "changed"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """From a request's GET."""
        text = query.get("q", "").replace("\x00", "")[:200].strip()
        state, sort = query.get("state", ""), query.get("sort", "changed")
        return cls(text, state if state in STATES else "", sort if sort in SORTS else "changed")

    def address(self, **changes: str) -> str:
        """The query string with changes; what is at its default stays out."""
        asked = {"q": self.text, "state": self.state, "sort": self.sort, **changes}
        kept = {key: value for key, value in asked.items() if value and (key, value) != ("sort", "changed")}
        return f"?{urlencode(kept)}"


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as a link with its count."""

    label: str
    url: str
    count: int
    current: bool


def rows(found: QuerySet[Draft], asked: Asked, by: User) -> QuerySet[Draft]:
    """The drafts that the address asks for, in its order."""
    return _in_state(found, asked.state, by).order_by(*SORTS[asked.sort])


def chips(found: QuerySet[Draft], asked: Asked, by: User) -> list[Chip]:
    """A chip for every state that has drafts, and the one that is chosen."""
    counted = [(state, label, _in_state(found, state, by).count()) for state, (label, _) in STATES.items()]
    return [
        Chip(label, asked.address(state=state), count, state == asked.state)
        for state, label, count in counted
        if count or state in ("", asked.state)
    ]


def _in_state(found: QuerySet[Draft], state: str, by: User) -> QuerySet[Draft]:
    return found.filter(author=by) if state == "mine" else found.filter(STATES[state][1])
