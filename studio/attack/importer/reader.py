"""From MitreAttackData to unsaved rows.

Each kind of object is fetched once and relations are read in one pass, because the library's lookups scan the whole
store every time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from studio.attack import models
from studio.attack.importer import fields, rows
from studio.attack.importer.bundle import Bundle
from studio.attack.importer.errors import CatalogueError
from studio.attack.importer.memory import attack_data
from studio.attack.importer.relations import Relations, read_relations

Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Tables:
    """Unsaved rows by table, and links as pairs of keys."""

    tactics: list[models.Tactic]
    techniques: list[models.Technique]
    groups: list[models.Group]
    software: list[models.Software]
    mitigations: list[models.Mitigation]
    analytics: list[models.Analytic]
    strategies: list[models.DetectionStrategy]
    technique_tactics: list[Link]
    technique_platforms: list[Link]
    strategy_analytics: list[Link]
    relations: Relations


def read(bundle: Bundle) -> Tables:
    """The release as rows. Raises CatalogueError when it cannot be one (no techniques, no order of tactics)."""
    data = attack_data(bundle)
    stix_techniques = rows.by_identifier(data.get_techniques(), "T")
    stix_strategies = rows.by_identifier(data.get_detectionstrategies(), "DET")
    stix_analytics = rows.by_identifier(data.get_analytics(), "AN")
    components = {item["id"]: fields.text(item, "name") for item in data.get_datacomponents()}
    tactics = _tactics(data, bundle.label)
    objects: dict[str, list[Any]] = {
        "techniques": [rows.technique(item) for item in stix_techniques],
        "groups": [rows.group(item) for item in rows.by_identifier(data.get_groups(), "G")],
        "software": [rows.software(item) for item in rows.by_identifier(data.get_software(), "S")],
        "mitigations": [rows.plain(models.Mitigation, item) for item in rows.by_identifier(data.get_mitigations())],
        "analytics": [rows.analytic(item, components) for item in stix_analytics],
        "strategies": [rows.plain(models.DetectionStrategy, item) for item in stix_strategies],
    }
    if not objects["techniques"]:
        raise CatalogueError(f"{bundle.label} holds no techniques, so it is not a release of ATT&CK.")
    relations = read_relations(data, {row.stix_id: row.attack_id for kind in objects.values() for row in kind})
    _relate(objects, relations)
    return Tables(
        tactics=tactics,
        technique_tactics=_technique_tactics(stix_techniques, tactics),
        technique_platforms=_technique_platforms(stix_techniques),
        strategy_analytics=_strategy_analytics(stix_strategies, stix_analytics),
        relations=relations,
        **objects,
    )


def _tactics(data: Any, label: str) -> list[models.Tactic]:
    """Tactics in the order of the matrix object; those that it does not name (retired ones) come after."""
    by_id = {item["id"]: item for item in rows.by_identifier(data.get_tactics(), "TA")}
    order = [reference for matrix in data.get_matrices() for reference in matrix.get("tactic_refs", ())]
    named = [reference for reference in dict.fromkeys(order) if reference in by_id]
    if not named:
        raise CatalogueError(f"{label} is damaged: its matrix object names none of its tactics.")
    ordered = [by_id[stix_id] for stix_id in dict.fromkeys([*named, *by_id])]
    tactics = [rows.tactic(item, position) for position, item in enumerate(ordered)]
    return list({tactic.slug: tactic for tactic in reversed(tactics)}.values())[::-1]


def _technique_tactics(items: Iterable[Any], tactics: Iterable[models.Tactic]) -> list[Link]:
    by_slug = {tactic.slug: tactic.attack_id for tactic in tactics}
    return [
        (fields.own_reference(item)[0], by_slug[slug])
        for item in items
        for slug in rows.phases(item)
        if slug in by_slug
    ]


def _technique_platforms(items: Iterable[Any]) -> list[Link]:
    return [
        (fields.own_reference(item)[0], name[:60])
        for item in items
        for name in dict.fromkeys(fields.texts(item, "x_mitre_platforms"))
    ]


def _strategy_analytics(strategies: Iterable[Any], analytics: Iterable[Any]) -> list[Link]:
    identifiers = {item["id"]: fields.own_reference(item)[0] for item in analytics}
    return [
        (fields.own_reference(item)[0], identifiers[reference])
        for item in strategies
        for reference in dict.fromkeys(fields.texts(item, "x_mitre_analytic_refs"))
        if reference in identifiers
    ]


def _relate(objects: dict[str, list[Any]], relations: Relations) -> None:
    """Fill in parents and successors. A sub-technique without a parent in the release stands by itself."""
    parent_of, successor_of = dict(relations.parents.keys()), dict(relations.successors.keys())
    for technique in objects["techniques"]:
        if technique.is_subtechnique:
            technique.parent_id = parent_of.get(technique.attack_id)
    for kind in ("techniques", "groups", "software"):
        known = {row.attack_id for row in objects[kind]}
        for row in objects[kind]:
            successor = successor_of.get(row.attack_id)
            row.successor_id = successor if successor in known else None
