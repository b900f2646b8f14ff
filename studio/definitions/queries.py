"""Named reads of a team's macros and lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from django.db.models import Q, QuerySet

from rules_export.catalog.macros import words
from studio.accounts.models import Team
from studio.definitions.models import Definition, DefinitionVersion
from studio.definitions.values import NOTHING, Own, Term


def own(team_id: int) -> Own:
    """The team's macros and lists as they are now. One small query while nothing changes."""
    states = DefinitionVersion.objects.filter(team_id=team_id).order_by("-id")
    stamp = states.values_list("stamp", flat=True).first()
    return _own(team_id, str(stamp)) if stamp else NOTHING


@lru_cache(maxsize=256)
def _own(team_id: int, stamp: str) -> Own:
    """By the state that the stamp names: each write brings a new one."""
    rows = Definition.objects.filter(team_id=team_id, deleted_at=None)
    return Own(MappingProxyType({one.name: one.term for one in rows}))


def definitions(team: Team) -> QuerySet[Definition]:
    """The team's macros and lists by name."""
    return Definition.objects.filter(team=team, deleted_at=None).select_related("updated_by").order_by("name")


def definition(team: Team, pk: int) -> Definition:
    """One of them. Raises Definition.DoesNotExist, for another team's and deleted ones too."""
    return definitions(team).select_related("team").get(pk=pk)


def named(team: Team, name: str) -> Definition | None:
    """The one of this name."""
    return definitions(team).filter(name=name).first()


def deleted(team: Team, pk: int) -> Definition | None:
    """One that was deleted and can be brought back."""
    return Definition.objects.filter(team=team, pk=pk, deleted_at__isnull=False).first()


def history(found: Definition) -> QuerySet[DefinitionVersion]:
    """Every version, the newest first."""
    return found.versions.select_related("by", "definition")


def words_in(texts: Iterable[str]) -> frozenset[str]:
    """The words in whose place Falco would put a list of that name."""
    return frozenset(word for text in texts for word in words(text))


def changed_since(team_id: int, frozen: Iterable[Term]) -> list[tuple[Term, Term | None]]:
    """Those of the `frozen` terms that say something else now, with what they say; None for one that is gone."""
    now = own(team_id).terms
    pairs = [(one, now.get(one.name)) for one in frozen]
    return [(one, other) for one, other in pairs if other is None or not one.same(other)]


def writers(team_id: int, names: Iterable[str], since: datetime | None = None) -> set[int]:
    """The keys of those who wrote in the team's definitions of these names, under whatever names they had before;
    since that moment where one is given."""
    asked = list(names)
    named = Q(name__in=asked) | Q(definition__name__in=asked)
    rows = DefinitionVersion.objects.filter(named, team_id=team_id)
    if since is not None:
        rows = rows.filter(at__gte=since)
    return set(rows.order_by().values_list("by_id", flat=True))
