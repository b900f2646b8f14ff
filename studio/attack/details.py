"""What a technique's page shows beside the technique itself."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from studio.attack.models import (
    Analytic,
    DetectionStrategy,
    Group,
    GroupTechnique,
    MitigationTechnique,
    Software,
    SoftwareTechnique,
    Technique,
)
from studio.attack.queries import DEFAULT_PLATFORMS


@dataclass(frozen=True, slots=True)
class Strategy:
    """A detection strategy, its analytics parted into those for what Falco watches and the others."""

    strategy: DetectionStrategy
    watched: list[Analytic]
    others: list[Analytic]


@dataclass(frozen=True, slots=True)
class Details:
    """Relations of a technique. Retired groups, software and mitigations are left out."""

    platforms: list[str]
    subtechniques: list[Technique]
    strategies: list[Strategy]
    mitigations: list[MitigationTechnique]
    groups: list[GroupTechnique]
    software: list[SoftwareTechnique]
    predecessors: list[Technique]


def of(technique: Technique) -> Details:
    """Everything about a technique; ten queries."""
    return Details(
        platforms=[platform.name for platform in technique.platforms.all()],
        subtechniques=list(technique.subtechniques.filter(revoked=False, deprecated=False).defer("search_text")),
        strategies=_strategies(technique),
        mitigations=_in_force(technique.mitigation_uses.all(), "mitigation", "attack_id"),
        groups=_in_force(technique.group_uses.all(), "group", "name"),
        software=_in_force(technique.software_uses.all(), "software", "name"),
        predecessors=list(technique.predecessors.defer("search_text")),
    )


def techniques_used(user: Group | Software) -> list[Any]:
    """Uses of techniques in force by a group or software, in the order of the techniques' identifiers."""
    return _in_force(user.uses.all(), "technique", "attack_id")


def partners(user: Group | Software) -> list[Group] | list[Software]:
    """The software that a group uses, or the groups that use software; those in force, by name."""
    if isinstance(user, Group):
        return list(user.software.filter(revoked=False, deprecated=False).order_by("name"))
    return list(user.groups.filter(revoked=False, deprecated=False).order_by("name"))


def _in_force(uses: QuerySet[Any], end: str, order: str) -> list[Any]:
    """Relations whose other end is in force, with that end."""
    in_force = {f"{end}__revoked": False, f"{end}__deprecated": False}
    return list(uses.filter(**in_force).select_related(end).order_by(f"{end}__{order}"))


def _strategies(technique: Technique) -> list[Strategy]:
    in_force = Analytic.objects.filter(revoked=False, deprecated=False)
    found = technique.strategies.filter(revoked=False, deprecated=False).prefetch_related(
        Prefetch("analytics", in_force)
    )
    return [_parted(strategy) for strategy in found]


def _parted(strategy: DetectionStrategy) -> Strategy:
    analytics = list(strategy.analytics.all())
    watched = [analytic for analytic in analytics if set(analytic.platforms) & {*DEFAULT_PLATFORMS}]
    return Strategy(strategy, watched, [analytic for analytic in analytics if analytic not in watched])
