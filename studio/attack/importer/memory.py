"""A release as mitreattack's MitreAttackData over a STIX memory store."""

from collections.abc import Callable, Iterable
from typing import Any

from studio.attack.importer.bundle import Bundle, Stix
from studio.attack.importer.errors import CatalogueError, first_line

_TYPES = frozenset(
    {
        "attack-pattern",
        "course-of-action",
        "intrusion-set",
        "malware",
        "tool",
        "x-mitre-analytic",
        "x-mitre-data-component",
        "x-mitre-detection-strategy",
        "x-mitre-matrix",
        "x-mitre-tactic",
    }
)
_RELATIONS = frozenset({"uses", "mitigates", "detects", "subtechnique-of", "revoked-by"})
# What the studio reads. The rest (authors, time stamps, markings) would only make parsing slower.
_READ = frozenset(
    {
        *("type", "id", "spec_version", "name", "description", "revoked", "external_references", "kill_chain_phases"),
        *("aliases", "labels", "is_family", "tactic_refs", "x_mitre_aliases", "x_mitre_analytic_refs"),
        *("x_mitre_deprecated", "x_mitre_detection", "x_mitre_is_subtechnique", "x_mitre_log_source_references"),
        *("x_mitre_mutable_elements", "x_mitre_platforms", "x_mitre_shortname"),
    }
)


def attack_data(bundle: Bundle) -> Any:
    """MitreAttackData over the release's objects. Raises CatalogueError naming the first object that is not STIX."""
    import stix2
    from mitreattack.stix20 import MitreAttackData

    store = stix2.MemoryStore()
    for item in bundle.objects:
        if item["type"] in _TYPES:
            _add(store.add, item, bundle.label)
    # Relations are plain: parsing 20,000 of them into STIX classes takes five seconds and tells nothing new.
    store.source._data.update((item["id"], item) for item in bundle.objects if _is_wanted_relation(item))
    return MitreAttackData(src=store)


def relations(data: Any) -> Iterable[Stix]:
    """The relations in the store that are in force."""
    from stix2 import Filter

    found: Iterable[Stix] = data.src.query([Filter("type", "=", "relationship")])
    return found


def _add(add: Callable[[Any], None], item: Stix, label: str) -> None:
    try:
        add({key: value for key, value in item.items() if key in _READ})
    except Exception as error:  # stix2 raises its own errors, and ValueError or TypeError from deep within
        raise CatalogueError(f"{label} is damaged: {item['id']} is not valid STIX ({first_line(error)}).") from error


def _is_wanted_relation(item: Stix) -> bool:
    return (
        item["type"] == "relationship"
        and item.get("relationship_type") in _RELATIONS
        and isinstance(item.get("source_ref"), str)
        and isinstance(item.get("target_ref"), str)
        and not item.get("revoked")
        and not item.get("x_mitre_deprecated")
    )
