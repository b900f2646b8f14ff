"""What other rooms know of a revision: which packs it went out with. They say it in their AppConfig."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model, QuerySet

from studio.accounts.models import Team


@dataclass(frozen=True, slots=True)
class Fact:
    """Words with the page that says more."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class HostedRevision:
    """A place that hosts follow, and the revision that its release has. state: "", yanked or rolled back."""

    pack: str
    version: str
    url: str
    where: str
    revision: int
    revision_url: str
    state: str = ""


def hosted(current: Model) -> list[HostedRevision]:
    """Where hosts run an earlier revision than this one; asks every room's `hosted_revisions`."""
    rooms = [config for config in apps.get_app_configs() if hasattr(config, "hosted_revisions")]
    return [one for config in rooms for one in config.hosted_revisions(current)]


def of(revisions: Iterable[int]) -> dict[int, list[Fact]]:
    """Revision's key → where it was released; asks every room's `revision_facts`."""
    asked, found = list(revisions), dict[int, list[Fact]]()
    for config in apps.get_app_configs():
        if hasattr(config, "revision_facts"):
            for pk, said in config.revision_facts(asked).items():
                found.setdefault(pk, []).extend(said)
    return found


def released(team: Team) -> set[int] | QuerySet[Model, int]:
    """Keys of the team's revisions that were released; asks the room that has `released_revisions`."""
    rooms = [config for config in apps.get_app_configs() if hasattr(config, "released_revisions")]
    return rooms[0].released_revisions(team) if rooms else set()
