"""What the list of rules is asked for: text, technique, tactic, priority, author, order; all of it in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from django.db.models import QuerySet

from rules_export.catalog.tags import tactic_tag
from rules_export.ruleset.model import PRIORITIES
from studio.accounts.models import Team
from studio.library import queries
from studio.review.models import Revision

SORTS: Mapping[str, tuple[str, ...]] = {"approved": ("-approved_at", "-pk"), "name": ("name", "pk")}


@dataclass(frozen=True, slots=True)
class Asked:
    """From the address; unknown values count as absent. `technique` is an ATT&CK id, `author` a key, both as text."""

    q: str = ""
    technique: str = ""
    tactic: str = ""
    priority: str = ""
    author: str = ""
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
            author=found.author if found.author.isascii() and found.author.isdigit() and len(found.author) < 18 else "",
            sort=found.sort if found.sort in SORTS else "approved",
        )

    @property
    def filtered(self) -> bool:
        """Whether anything is left out."""
        return bool(self.q or self.technique or self.tactic or self.priority or self.author)

    def address(self, **changes: str) -> str:
        """The query string with changes; what is at its default stays out."""
        asked = {one.name: getattr(self, one.name) for one in fields(self)} | changes
        kept = {key: value for key, value in asked.items() if value and (key, value) != ("sort", "approved")}
        return f"?{urlencode(kept)}"

    def rows(self, team: Team) -> QuerySet[Revision]:
        """The rules that are asked for, in order. A technique brings its sub-techniques; tactics are known by tags."""
        found = queries.saying(queries.rules(team), self.q)
        if self.technique:
            found = found.filter(content__techniques__icontains=f'"{self.technique}')
        if self.tactic:
            found = found.filter(content__tags__icontains=f'"{tactic_tag(self.tactic)}"')
        if self.priority:
            found = found.filter(content__priority=self.priority)
        if self.author:
            found = found.filter(handed_in_by=int(self.author))
        return found.order_by(*SORTS[self.sort])
