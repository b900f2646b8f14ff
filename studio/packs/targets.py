"""A release held against each Falco that it is for: what that one lacks, and what it understands otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rules_export.catalog.versions import RELEASES, release
from rules_export.falco_checks.requirements import Requirement


@dataclass(frozen=True, slots=True)
class TargetCheck:
    """One release of Falco. lacks: why it refuses the rules; differs: what it takes in another meaning."""

    falco: str
    engine: str
    lacks: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether it loads the rules."""
        return not self.lacks


def checked(needs: Iterable[Requirement], oldest: str) -> tuple[TargetCheck, ...]:
    """Each release from `oldest` (0.44) on, the oldest first."""
    wanted = tuple(needs)
    first = RELEASES.index(release(oldest))
    return tuple(_check(place, wanted) for place in range(first, len(RELEASES)))


def told(checks: Iterable[TargetCheck]) -> list[dict[str, Any]]:
    """As a release keeps it."""
    return [
        {"falco": one.falco, "engine": one.engine, "lacks": list(one.lacks), "differs": list(one.differs)}
        for one in checks
    ]


def _check(place: int, needs: Iterable[Requirement]) -> TargetCheck:
    about = RELEASES[place]
    missing = [one for one in needs if _misses(one, place)]
    lacks = dict.fromkeys(one.reason for one in missing if not one.meaning)
    differs = dict.fromkeys(one.reason for one in missing if one.meaning)
    return TargetCheck(about.falco, about.engine, tuple(lacks), tuple(differs))


def _misses(one: Requirement, place: int) -> bool:
    if place < RELEASES.index(release(one.engine)):
        return True
    return bool(one.removed) and place >= RELEASES.index(release(one.removed))
