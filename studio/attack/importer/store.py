"""Replace the catalogue's rows by another release's, all or nothing.

Readers see the old release until the new one is complete. Rows are inserted in bulk: a release has some 25,000.
"""

from collections.abc import Iterable
from typing import Any

from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from studio.attack import models as attack
from studio.attack.importer.bundle import Bundle
from studio.attack.importer.errors import CatalogueError, first_line
from studio.attack.importer.reader import Link, Tables
from studio.attack.importer.relations import Pairs

_BATCH = 2000
_RELATIONS: tuple[tuple[type[models.Model], str, str, str], ...] = (
    (attack.GroupTechnique, "group_id", "technique_id", "group_techniques"),
    (attack.GroupSoftware, "group_id", "software_id", "group_software"),
    (attack.SoftwareTechnique, "software_id", "technique_id", "software_techniques"),
    (attack.MitigationTechnique, "mitigation_id", "technique_id", "mitigation_techniques"),
    (attack.StrategyTechnique, "strategy_id", "technique_id", "strategy_techniques"),
)
_LINKS: tuple[tuple[type[models.Model], str, str, str], ...] = (
    (attack.Technique.tactics.through, "technique_id", "tactic_id", "technique_tactics"),
    (attack.Technique.platforms.through, "technique_id", "platform_id", "technique_platforms"),
    (attack.DetectionStrategy.analytics.through, "detectionstrategy_id", "analytic_id", "strategy_analytics"),
)
_OBJECTS: tuple[tuple[type[models.Model], str], ...] = (
    (attack.Tactic, "tactics"),
    (attack.Technique, "techniques"),
    (attack.Group, "groups"),
    (attack.Software, "software"),
    (attack.Mitigation, "mitigations"),
    (attack.Analytic, "analytics"),
    (attack.DetectionStrategy, "strategies"),
)


def replace(bundle: Bundle, tables: Tables) -> attack.Catalogue:
    """Put the release in place of the loaded one, in one transaction. Raises CatalogueError: then nothing changed."""
    try:
        with transaction.atomic():
            catalogue = _claim(bundle)
            _empty()
            _fill(tables)
            # Foreign keys are deferred: ask now, while the error can still be told with the release's name.
            connection.check_constraints(table_names=[model._meta.db_table for model, *_ in (*_RELATIONS, *_LINKS)])
    except DatabaseError as error:
        why = first_line(error)
        raise CatalogueError(f"{bundle.label} does not fit the database ({why}). Nothing was changed.") from error
    return catalogue


def _claim(bundle: Bundle) -> attack.Catalogue:
    """Write the one row first: it locks, so that two loads at once come one after the other."""
    catalogue, _ = attack.Catalogue.objects.update_or_create(
        id=1,
        defaults={
            "version": bundle.version,
            "spec_version": bundle.spec_version,
            "stix_version": bundle.stix_version,
            "source": bundle.label[:500],
            "digest": bundle.digest,
            "loaded_at": timezone.now(),
            "shortened": bundle.shortened,
            "copyright": bundle.copyright,
        },
    )
    return catalogue


def _empty() -> None:
    for model, *_ in (*_RELATIONS, *_LINKS):
        model._default_manager.all().delete()
    attack.Technique.objects.update(parent=None, successor=None)
    for model, _ in reversed(_OBJECTS):
        model._default_manager.all().delete()
    attack.Platform.objects.all().delete()


def _fill(tables: Tables) -> None:
    names = sorted({name for _, name in tables.technique_platforms})
    _insert(attack.Platform, [attack.Platform(name=name) for name in names])
    for model, attribute in _OBJECTS:
        _insert(model, getattr(tables, attribute))
    for model, source, target, attribute in _LINKS:
        links: list[Link] = getattr(tables, attribute)
        _insert(model, [model(**{source: left, target: right}) for left, right in links])
    for model, source, target, attribute in _RELATIONS:
        pairs: Pairs = getattr(tables.relations, attribute)
        _insert(model, [model(**{source: a, target: b, "description": text}) for (a, b), text in pairs.items()])


def _insert(model: type[models.Model], rows: Iterable[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=_BATCH)
