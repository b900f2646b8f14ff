"""Named reads of a team's macros and lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from rules_export.catalog.macros import words
from studio.accounts.models import Team
from studio.definitions.models import Definition, DefinitionVersion, RuleSet, RuleSetVersion
from studio.definitions.values import NOTHING, Own, RuleSetTerms, Term, from_json


def own(team_id: int) -> Own:
    """The team's macros and lists, and those of its rule sets, as they are now. One small query while nothing
    changes."""
    newest = (
        Subquery(kind.objects.filter(team_id=OuterRef("pk")).order_by("-id").values("stamp")[:1])
        for kind in (DefinitionVersion, RuleSetVersion)
    )
    stamps = Team.objects.filter(pk=team_id).order_by().values_list(*newest).first()
    return _own(team_id, tuple(map(str, stamps))) if stamps and any(stamps) else NOTHING


@lru_cache(maxsize=256)
def _own(team_id: int, stamps: tuple[str, ...]) -> Own:
    """By the state that the stamps name: each write brings a new one."""
    rows = Definition.objects.filter(team_id=team_id, deleted_at=None)
    newest = RuleSetVersion.objects.filter(
        team_id=team_id, rule_set__deleted_at=None, number=F("rule_set__version")
    ).select_related("rule_set")
    return Own(
        MappingProxyType({row.name: row.term for row in rows}),
        MappingProxyType({version.rule_set.slug: rule_set_terms(version) for version in newest.defer("files")}),
    )


def rule_set_terms(version: RuleSetVersion) -> RuleSetTerms:
    """The macros and lists of one version of a rule set."""
    terms = {term.name: term for term in from_json(version.terms)}
    return RuleSetTerms(MappingProxyType(terms), frozenset(map(str, version.words)))


def rule_sets(team: Team) -> QuerySet[RuleSet]:
    """The team's rule sets by title."""
    return RuleSet.objects.filter(team=team, deleted_at=None).select_related("updated_by").order_by("title", "pk")


def rule_set(team: Team, slug: str) -> RuleSet:
    """One of them. Raises RuleSet.DoesNotExist, for another team's and deleted ones too."""
    return rule_sets(team).get(slug=slug)


def rule_set_files(rule_set: RuleSet) -> list[tuple[str, str]]:
    """(name, text) of the files of the newest version that was imported from files, in the order of loading."""
    newest = rule_set.versions.exclude(files=[]).first()
    return [(str(name), str(text)) for name, text in newest.files] if newest else []


def rule_set_writers(team_id: int, slug: str, since: datetime | None = None) -> set[int]:
    """The keys of those who imported or changed the rule set; since that moment where one is given."""
    rows = RuleSetVersion.objects.filter(team_id=team_id, rule_set__slug=slug)
    if since is not None:
        rows = rows.filter(at__gte=since)
    return set(rows.order_by().values_list("by_id", flat=True))


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


def changed_since(team_id: int, frozen: Iterable[Term], rule_set: str = "") -> list[tuple[Term, Term | None]]:
    """Those of the `frozen` terms of a rule of that rule set that say something else now, with what they say; None for
    one that is gone."""
    now = own(team_id).within(rule_set).terms
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
