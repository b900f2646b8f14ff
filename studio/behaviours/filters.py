"""What a person asked of the library, as the address says it: ?q=…&technique=T1490&tactic=impact&noise=low."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from studio.attack import queries as attack
from studio.behaviours import queries
from studio.behaviours.records import Behaviour, Noise


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as a link: following it switches the filter over."""

    label: str
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty fields ask for everything. `tactics`: slug and name, in the matrix's order."""

    text: str = ""
    technique: str = ""
    tactic: str = ""
    noise: str = ""
    tactics: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, query: QueryDict) -> Filters:
        """Read the address; values that mean nothing are passed over."""
        tactics = tuple((tactic.slug, tactic.name) for tactic in attack.tactics())
        technique = query.get("technique", "").strip().upper()
        tactic, noise = query.get("tactic", ""), query.get("noise", "")
        return cls(
            text=query.get("q", "").replace("\x00", "")[:200].strip(),
            technique=technique if re.fullmatch(r"T\d{4}(\.\d{3})?", technique) else "",
            tactic=tactic if tactic in dict(tactics) else "",
            noise=noise if noise in set(Noise) else "",
            tactics=tactics,
        )

    def found(self) -> list[Behaviour]:
        """The built-in behaviours that fit."""
        wanted = [self.technique] if self.technique else None
        return self._of_tactic(queries.search(self.text, wanted, self.noise))

    def chosen(self, behaviours: Iterable[Behaviour]) -> list[Behaviour]:
        """Those of other behaviours that fit."""
        words = self.text.casefold().split()
        fitting = [b for b in behaviours if not self.noise or b.noise == self.noise]
        if self.technique:
            fitting = [b for b in fitting if any(f"{t}.".startswith(f"{self.technique}.") for t in b.techniques)]
        return self._of_tactic([b for b in fitting if not queries.missing(words, b)])

    def _of_tactic(self, found: list[Behaviour]) -> list[Behaviour]:
        if not self.tactic:
            return found
        known = attack.technique_tactics()
        return [b for b in found if any(self.tactic in known.get(technique, ()) for technique in b.techniques)]

    @property
    def is_empty(self) -> bool:
        """Whether everything is asked for."""
        return not (self.text or self.technique or self.tactic or self.noise)

    @property
    def query(self) -> str:
        """The address's query that says the same; `?` for everything."""
        pairs = [("q", self.text), ("technique", self.technique), ("tactic", self.tactic), ("noise", self.noise)]
        return "?" + urlencode([(name, value) for name, value in pairs if value])

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Name and value of hidden inputs that keep the other filters in the search form."""
        pairs = [("technique", self.technique), ("tactic", self.tactic), ("noise", self.noise)]
        return [(name, value) for name, value in pairs if value]

    @property
    def chip_rows(self) -> list[tuple[str, list[Chip]]]:
        """Titles and chips, as the page shows them."""
        tactics = [self._chip(name, "tactic", slug, self.tactic) for slug, name in self.tactics]
        noises = [self._chip(level.capitalize(), "noise", level, self.noise) for level in Noise]
        technique = [self._chip(self.technique, "technique", self.technique, self.technique)] if self.technique else []
        rows = [("Technique", technique), ("Tactic", tactics), ("Noise", noises)]
        return [(title, chips) for title, chips in rows if chips]

    def _chip(self, label: str, name: str, value: str, now: str) -> Chip:
        on = value == now
        change: dict[str, Any] = {name: "" if on else value}
        return Chip(label, replace(self, **change).query, on)
