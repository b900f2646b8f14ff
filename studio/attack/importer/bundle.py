"""Verify that some bytes are an enterprise release of ATT&CK, and say which.

Source: STIX 2.0 and 2.1 bundles as MITRE publishes them (mitre/cti and mitre-attack/attack-stix-data).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from studio.attack.importer.errors import CatalogueError

Stix = Mapping[str, Any]

ENTERPRISE = "enterprise-attack"
DOMAINS = {"mobile-attack": "mobile", "ics-attack": "industrial control systems (ICS)", "pre-attack": "PRE-ATT&CK"}
MAX_OBJECTS = 250_000
_VERSION = re.compile(r"\d{1,3}(\.\d{1,3}){1,2}")
_IDENTIFIER = re.compile(r"[a-z0-9-]{1,60}--[0-9a-fA-F-]{36}")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A verified release. `digest` is SHA-256 in hexadecimal; `shortened` tells that descriptions were cut."""

    objects: tuple[Stix, ...]
    version: str
    spec_version: str
    stix_version: str
    digest: str
    label: str
    copyright: str
    shortened: bool = False


def verify(data: bytes, label: str) -> Bundle:
    """Parse and verify a release; `label` names it in messages. Raises CatalogueError."""
    document = _parse(data, label)
    objects = _objects(document, label)
    _require_enterprise(objects, label)
    digest = hashlib.sha256(data).hexdigest()
    stix_version = _stix_version(document, objects)
    return Bundle(
        objects=objects,
        version=_version(objects, digest, stix_version, label),
        spec_version=_spec_version(objects),
        stix_version=stix_version,
        digest=digest,
        label=label,
        copyright=statement(objects),
    )


def statement(objects: Iterable[Stix]) -> str:
    """MITRE's copyright statement, from the release's marking definition; empty where there is none."""
    for item in objects:
        definition = item.get("definition")
        if item["type"] == "marking-definition" and isinstance(definition, Mapping):
            text = definition.get("statement")
            if isinstance(text, str) and "MITRE" in text:
                return text[:1000]
    return ""


def _parse(data: bytes, label: str) -> Stix:
    try:
        document = json.loads(data)
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{label} is not JSON text: byte {error.start} is not UTF-8. Is it compressed?") from error
    except RecursionError as error:
        raise CatalogueError(f"{label} is nested too deeply to be an ATT&CK bundle.") from error
    except ValueError as error:
        raise CatalogueError(_broken(data, label, error)) from error
    if not isinstance(document, dict) or document.get("type") != "bundle":
        raise CatalogueError(f'{label} is not a STIX bundle: the outermost object needs "type": "bundle".')
    return document


def _broken(data: bytes, label: str, error: ValueError) -> str:
    if not data.strip():
        return f"{label} is empty."
    if isinstance(error, json.JSONDecodeError):
        if not data.rstrip().endswith(b"}"):
            return f"{label} ends in the middle (after {len(data):,} bytes). Download it again."
        return f"{label} is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
    return f"{label} is not JSON: {error}."


def _objects(document: Stix, label: str) -> tuple[Stix, ...]:
    objects = document.get("objects")
    if not isinstance(objects, list) or not objects:
        raise CatalogueError(f"{label} is a STIX bundle without objects.")
    if len(objects) > MAX_OBJECTS:
        raise CatalogueError(f"{label} holds {len(objects):,} objects; no release of ATT&CK has over {MAX_OBJECTS:,}.")
    for index, item in enumerate(objects):
        if not (isinstance(item, dict) and isinstance(item.get("type"), str) and _is_identifier(item.get("id"))):
            raise CatalogueError(f"{label} is damaged: object number {index + 1} has no STIX type and id.")
    return tuple(objects)


def _is_identifier(value: object) -> bool:
    return isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None


def _require_enterprise(objects: Iterable[Stix], label: str) -> None:
    names = {_matrix_name(item) for item in objects if item["type"] == "x-mitre-matrix"}
    if ENTERPRISE in names:
        return
    for name, words in DOMAINS.items():
        if name in names:
            raise CatalogueError(f"{label} is the {words} matrix. Mews reads the enterprise one, {ENTERPRISE}.json.")
    raise CatalogueError(f"{label} holds no enterprise matrix, so it is not a release of Enterprise ATT&CK.")


def _matrix_name(item: Stix) -> str:
    references = item.get("external_references")
    for reference in references if isinstance(references, list) else ():
        if isinstance(reference, dict) and isinstance(reference.get("external_id"), str):
            return str(reference["external_id"])
    return ""


def _stix_version(document: Stix, objects: tuple[Stix, ...]) -> str:
    found = document.get("spec_version") or next((o["spec_version"] for o in objects if "spec_version" in o), "2.0")
    return "2.1" if found == "2.1" else "2.0"


def _version(objects: tuple[Stix, ...], digest: str, stix_version: str, label: str) -> str:
    for item in objects:
        if item["type"] == "x-mitre-collection":
            version = item.get("x_mitre_version")
            if isinstance(version, str) and _VERSION.fullmatch(version):
                return version
            raise CatalogueError(f"{label} has a collection object without a release number in x_mitre_version.")
    version = _official_release(digest, stix_version)
    if version is None:
        raise CatalogueError(
            f"{label} does not say which release of ATT&CK it is: it has no collection object, and its SHA-256 "
            f"{digest} is not that of an official release. Use the file from MITRE unchanged."
        )
    return version


def _official_release(digest: str, stix_version: str) -> str | None:
    from mitreattack import release_info

    known = release_info.STIX20 if stix_version == "2.0" else release_info.STIX21
    return next((release for release, known_digest in known["enterprise"].items() if known_digest == digest), None)


def _spec_version(objects: Iterable[Stix]) -> str:
    """Version of the ATT&CK specification: the collection's, else the newest that an object names."""
    named = [(o["type"], o.get("x_mitre_attack_spec_version")) for o in objects]
    found = [(kind, version) for kind, version in named if isinstance(version, str) and _VERSION.fullmatch(version)]
    collection = [version for kind, version in found if kind == "x-mitre-collection"]
    versions = collection or [version for _, version in found]
    return max(versions, key=lambda version: tuple(map(int, version.split("."))), default="")
