"""What the list of rules is asked for: text, technique, tactic, priority and more; all of it in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from django.db.models import QuerySet

from rules_export.catalog.tags import MATURITIES, tactic_tag
from rules_export.ruleset.model import PRIORITIES
from studio.accounts.models import Team
from studio.library import queries
from studio.review import facts, terms
from studio.review.lifecycle import State
from studio.review.models import Revision

SORTS: Mapping[str, tuple[str, ...]] = {"approved": ("-approved_at", "-pk"), "name": ("name", "pk")}

#: What `state` may ask for beside the default, approved rules alone.
STATES: Mapping[str, str] = {
    "": "Approved",
    "released": "Released in a pack",
    "unreleased": "Approved, not released",
    "deprecated": "Deprecated",
    "all": "Approved or deprecated",
}

#: What stands below "More filters".
MORE = ("author", "maturity", "tag", "field", "state")


@dataclass(frozen=True, slots=True)
class Asked:
    """From the address; unknown values count as absent. `technique` is an ATT&CK id, people are keys as text."""

    q: str = ""
    technique: str = ""
    tactic: str = ""
    priority: str = ""
    owner: str = ""
    author: str = ""
    maturity: str = ""
    tag: str = ""
    field: str = ""
    state: str = ""
    sort: str = "approved"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """From a request's GET."""
        given = {one.name: query.get(one.name, "").replace("\x00", "").strip()[:200] for one in fields(cls)}
        found = cls(**given)
        return replace(
            found,
            technique=found.technique.upper(),
            priority=found.priority if found.priority in PRIORITIES else "",
            owner=_key(found.owner),
            author=_key(found.author),
            maturity=found.maturity if found.maturity in MATURITIES else "",
            tag="_".join(found.tag.lower().split()),
            field="".join(found.field.lower().split()).split("[")[0],
            state=found.state if found.state in STATES else "",
            sort=found.sort if found.sort in SORTS else "approved",
        )

    @property
    def filtered(self) -> bool:
        """Whether anything is left out, deprecated rules aside."""
        return any(getattr(self, one.name) for one in fields(self) if one.name != "sort")

    @property
    def more(self) -> int:
        """How many of the filters below "More filters" are set."""
        return sum(1 for name in MORE if getattr(self, name))

    def address(self, **changes: str) -> str:
        """The query string with changes; what is at its default stays out."""
        asked = {one.name: getattr(self, one.name) for one in fields(self)} | changes
        kept = {key: value for key, value in asked.items() if value and (key, value) != ("sort", "approved")}
        return f"?{urlencode(kept)}"

    def rows(self, team: Team) -> QuerySet[Revision]:
        """The rules that are asked for, in order. A technique brings its sub-techniques; tactics are known by tags."""
        found = queries.saying(queries.shelf(team), self.q)
        if self.state != "all":
            found = found.filter(state=State.DEPRECATED if self.state == "deprecated" else State.APPROVED)
        if self.state == "released":
            found = found.filter(pk__in=facts.released(team))
        if self.state == "unreleased":
            found = found.exclude(pk__in=facts.released(team))
        for mark in self._marks():
            found = found.filter(terms__text__contains=mark)
        if self.priority:
            found = found.filter(content__priority=self.priority)
        if self.owner:
            found = queries.owned_by(found, int(self.owner))
        if self.author:
            found = found.filter(handed_in_by=int(self.author))
        return found.order_by(*SORTS[self.sort])

    def _marks(self) -> list[str]:
        """What must stand among a rule's terms; an unfinished technique or field finds what begins with it."""
        found = [terms.mark("technique", self.technique).rstrip()] if self.technique else []
        found += [terms.mark("tag", tactic_tag(self.tactic))] if self.tactic else []
        found += [terms.mark("tag", self.maturity)] if self.maturity else []
        found += [terms.mark("tag", self.tag)] if self.tag else []
        return found + ([terms.mark("field", self.field)] if self.field else [])


def _key(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 18 else ""
