"""One STIX object to one unsaved row."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from studio.attack import models
from studio.attack.importer import fields

Row = TypeVar("Row", bound=models.AttackObject)

_ATTACK_ID = re.compile(r"[A-Z]{1,3}\d{4,5}(\.\d{3})?")
_CITATION = re.compile(r"\(Citation: [^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
_TAG = re.compile(r"</?[a-z]+/?>")


def by_identifier(objects: Iterable[Any], prefix: str = "") -> list[Any]:
    """One object for each ATT&CK identifier, in their order; of two with the same, the one in force."""
    found: dict[str, Any] = {}
    for item in objects:
        attack_id, _ = fields.own_reference(item)
        if not (_ATTACK_ID.fullmatch(attack_id) and attack_id.startswith(prefix)):
            continue
        if attack_id not in found or _is_retired(found[attack_id]):
            found[attack_id] = item
    return [found[attack_id] for attack_id in sorted(found)]


def plain(model: type[Row], item: Any, **more: Any) -> Row:
    """A row with what every ATT&CK object has; `more` are the model's own columns."""
    attack_id, url = fields.own_reference(item)
    return model(
        attack_id=attack_id,
        stix_id=item["id"],
        name=fields.text(item, "name", 250) or attack_id,
        description=fields.text(item, "description"),
        url=url,
        revoked=fields.flag(item, "revoked"),
        deprecated=fields.flag(item, "x_mitre_deprecated"),
        references=fields.citations(item),
        **more,
    )


def tactic(item: Any, position: int) -> models.Tactic:
    return plain(models.Tactic, item, slug=fields.text(item, "x_mitre_shortname", 60), position=position)


def technique(item: Any) -> models.Technique:
    row = plain(
        models.Technique,
        item,
        is_subtechnique=fields.flag(item, "x_mitre_is_subtechnique"),
        detection=fields.text(item, "x_mitre_detection"),
    )
    row.search_name = row.name.lower()
    row.search_text = f"{row.attack_id}\n{row.name}\n{_readable(row.description)}".lower()
    return row


def group(item: Any) -> models.Group:
    row = plain(models.Group, item)
    row.aliases = _aliases(row.name, fields.texts(item, "aliases"))
    return row


def software(item: Any) -> models.Software:
    row = plain(models.Software, item, kind=item["type"])
    row.aliases = _aliases(row.name, fields.texts(item, "x_mitre_aliases"))
    return row


def analytic(item: Any, components: Mapping[str, str]) -> models.Analytic:
    """`components` gives the name of a data component by its STIX identifier."""
    sources = [
        {
            "component": components.get(fields.text(entry, "x_mitre_data_component_ref"), ""),
            "name": fields.text(entry, "name", 250),
            "channel": fields.text(entry, "channel", 1000),
        }
        for entry in fields.records(item, "x_mitre_log_source_references")
    ]
    knobs = [
        {"field": fields.text(entry, "field", 250), "description": fields.text(entry, "description", 1000)}
        for entry in fields.records(item, "x_mitre_mutable_elements")
    ]
    platforms = fields.texts(item, "x_mitre_platforms")
    return plain(models.Analytic, item, platforms=platforms, log_sources=sources, knobs=knobs)


def phases(item: Any) -> list[str]:
    """Slugs of the tactics that a technique serves, in the release's order, each once."""
    found = [
        fields.text(phase, "phase_name", 60)
        for phase in fields.records(item, "kill_chain_phases")
        if phase.get("kill_chain_name") == "mitre-attack"
    ]
    return list(dict.fromkeys(found))


def _is_retired(item: Any) -> bool:
    return fields.flag(item, "revoked") or fields.flag(item, "x_mitre_deprecated")


def _aliases(name: str, aliases: Iterable[str]) -> list[str]:
    return [alias for alias in aliases if alias != name]


def _readable(description: str) -> str:
    """The words of a description, so that a search finds no addresses and no sources' names."""
    return _TAG.sub("", _LINK.sub(r"\1", _CITATION.sub(" ", description)))
