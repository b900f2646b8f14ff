"""What a person asked of the matrix, as the address says it: ?q=…&platform=…&against=G0016&show=gaps"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict

from studio.attack.filters import Chip, Filters
from studio.coverage import queries
from studio.coverage.queries import Actor

#: Value of `show` → its words.
SHOWS = {"": "All techniques", "covered": "Covered", "gaps": "Not covered"}


@dataclass(frozen=True)
class Asked:
    """`filters` are the catalogue's own; `against` is the text for a group or software; `show` a key of SHOWS."""

    filters: Filters
    against: str = ""
    show: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        """Read the address; values that nobody knows are passed over."""
        against = query.get("against", "").replace("\x00", "").strip()[:200]
        show = query.get("show", "")
        return cls(Filters.of(query), against, show if show in SHOWS else "")

    @cached_property
    def actor(self) -> Actor | None:
        """The group or software that was asked for, where it is known."""
        return queries.actor(self.against)

    @cached_property
    def suggestions(self) -> list[Chip]:
        """What could have been meant where the text names none exactly."""
        if not self.against or self.actor:
            return []
        found = queries.actors(self.against)
        return [Chip(f"{one.attack_id} {one.name}", replace(self, against=one.attack_id).query, False) for one in found]

    @property
    def query(self) -> str:
        """The address's query that says the same, with its question mark."""
        return self._extended(self.filters.query)

    @property
    def widest(self) -> str:
        """The same group or software over all of the catalogue."""
        return replace(self, filters=replace(self.filters, text="", tactic="", platforms=()), show="").query

    @property
    def without_actor(self) -> str:
        """The same without a group or software."""
        return replace(self, against="").query

    @property
    def chip_rows(self) -> list[tuple[str, list[Chip]]]:
        """Titles and chips, as the page shows them."""
        platforms = [replace(chip, url=self._extended(chip.url)) for chip in self.filters.platform_chips]
        shows = [Chip(words, replace(self, show=show).query, show == self.show) for show, words in SHOWS.items()]
        return [("Platforms", platforms), ("Show", shows)]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Name and value of hidden inputs which keep the chips in the form."""
        return [*self.filters.hidden, *([("show", self.show)] if self.show else [])]

    def _extended(self, query: str) -> str:
        pairs = [(name, value) for name, value in (("against", self.against), ("show", self.show)) if value]
        return "?" + "&".join(part for part in (query.removeprefix("?"), urlencode(pairs)) if part)
