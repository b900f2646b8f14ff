"""What a person asked of the catalogue, as the address says it: ?q=…&tactic=…&platform=…&platform=…

Without `platform` the platforms that Falco watches are on; `platform=all` asks for every one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from studio.attack import queries
from studio.attack.models import Tactic

ALL = "all"


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as a link: following it switches the filter over."""

    label: str
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """`platforms` is None for the default, empty for all; `tactic` is a slug or empty."""

    text: str
    tactic: str
    platforms: tuple[str, ...] | None
    known_tactics: tuple[Tactic, ...]
    known_platforms: tuple[str, ...]

    @classmethod
    def of(cls, query: QueryDict) -> "Filters":
        """Read the address; names that the catalogue does not know are passed over."""
        tactics, platforms = tuple(queries.tactics()), tuple(queries.platforms())
        asked = query.getlist("platform")[:50]
        chosen = tuple(name for name in platforms if name in asked)
        slug = query.get("tactic", "")
        return cls(
            text=query.get("q", "").replace("\x00", "")[:200].strip(),
            tactic=slug if slug in {tactic.slug for tactic in tactics} else "",
            platforms=() if ALL in asked else chosen or None,
            known_tactics=tactics,
            known_platforms=platforms,
        )

    @property
    def wanted_platforms(self) -> tuple[str, ...]:
        """Names to search for; empty means all."""
        return queries.DEFAULT_PLATFORMS if self.platforms is None else self.platforms

    @property
    def search(self) -> dict[str, Any]:
        """Arguments for queries.search and matrix.build."""
        return {"text": self.text, "tactic": self.tactic or None, "platforms": self.wanted_platforms}

    @property
    def query(self) -> str:
        """The address's query that says the same; empty or with its question mark."""
        asked = (ALL,) if self.platforms == () else self.platforms or ()
        pairs = [("q", self.text), ("tactic", self.tactic), *(("platform", name) for name in asked)]
        encoded = urlencode([(name, value) for name, value in pairs if value])
        return f"?{encoded}" if encoded else ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Name and value of hidden inputs which keep the filters in a form that asks only for text."""
        asked = (ALL,) if self.platforms == () else self.platforms or ()
        tactic = [("tactic", self.tactic)] if self.tactic else []
        return [*tactic, *(("platform", name) for name in asked)]

    @property
    def platform_chips(self) -> list[Chip]:
        """One for each platform, and one for all of them."""
        chips = [self._chip(name, self._toggled(name), name in self.wanted_platforms) for name in self.known_platforms]
        return [*chips, self._chip("All platforms", (), self.platforms == ())]

    @property
    def tactic_chips(self) -> list[Chip]:
        """One for each tactic; the one that is on switches itself off."""
        return [
            Chip(
                tactic.name,
                replace(self, tactic="" if tactic.slug == self.tactic else tactic.slug).query or "?",
                tactic.slug == self.tactic,
            )
            for tactic in self.known_tactics
        ]

    @property
    def chip_rows(self) -> list[tuple[str, list[Chip]]]:
        """Titles and chips, as the page shows them."""
        return [("Platforms", self.platform_chips), ("Tactics", self.tactic_chips)]

    @property
    def widest(self) -> str:
        """The address's query for the same text over the whole catalogue."""
        return replace(self, tactic="", platforms=()).query

    def _toggled(self, name: str) -> tuple[str, ...] | None:
        """The platforms with one switched over; all of them when that leaves none."""
        now = self.wanted_platforms
        return tuple(one for one in now if one != name) if name in now else _ordered({*now, name}, self.known_platforms)

    def _chip(self, label: str, platforms: tuple[str, ...] | None, on: bool) -> Chip:
        default = platforms is not None and set(platforms) == set(queries.DEFAULT_PLATFORMS)
        return Chip(label, replace(self, platforms=None if default else platforms).query or "?", on)


def _ordered(names: Iterable[str], order: Iterable[str]) -> tuple[str, ...]:
    wanted = set(names)
    return tuple(name for name in order if name in wanted)
