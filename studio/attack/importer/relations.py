"""The release's relations, as pairs of ATT&CK identifiers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from studio.attack.importer import fields
from studio.attack.importer.memory import relations

Pairs = dict[tuple[str, str], str]
_SOFTWARE = ("malware", "tool")


@dataclass(slots=True)
class Relations:
    """(source, target) → MITRE's sentence, by what acts on what; `left_out` counts those with a missing end."""

    group_techniques: Pairs = field(default_factory=dict)
    group_software: Pairs = field(default_factory=dict)
    software_techniques: Pairs = field(default_factory=dict)
    mitigation_techniques: Pairs = field(default_factory=dict)
    strategy_techniques: Pairs = field(default_factory=dict)
    parents: Pairs = field(default_factory=dict)
    successors: Pairs = field(default_factory=dict)
    left_out: int = 0


def read_relations(data: Any, identifiers: Mapping[str, str]) -> Relations:
    """`identifiers` gives the ATT&CK identifier by STIX identifier for everything that becomes a row."""
    found = Relations()
    for item in relations(data):
        kind, source, target = item["relationship_type"], item["source_ref"], item["target_ref"]
        place = _place(found, kind, source.partition("--")[0], target.partition("--")[0])
        if place is None:
            continue
        ends = identifiers.get(source), identifiers.get(target)
        if ends[0] is None or ends[1] is None or ends[0] == ends[1]:
            found.left_out += 1
        else:
            _record(place, (ends[0], ends[1]), fields.text(item, "description"))
    return found


def _place(found: Relations, kind: str, source: str, target: str) -> Pairs | None:
    """Where a relation belongs; None for kinds the studio has no table for (campaigns, data components, assets)."""
    match kind, source, target:
        case "uses", "intrusion-set", "attack-pattern":
            return found.group_techniques
        case "uses", "intrusion-set", software if software in _SOFTWARE:
            return found.group_software
        case "uses", software, "attack-pattern" if software in _SOFTWARE:
            return found.software_techniques
        case "mitigates", "course-of-action", "attack-pattern":
            return found.mitigation_techniques
        case "detects", "x-mitre-detection-strategy", "attack-pattern":
            return found.strategy_techniques
        case "subtechnique-of", "attack-pattern", "attack-pattern":
            return found.parents
        case "revoked-by", _, _ if source == target or {source, target} == set(_SOFTWARE):
            return found.successors
    return None


def _record(place: Pairs, pair: tuple[str, str], description: str) -> None:
    """Two relations between the same ends become one with both sentences."""
    earlier = place.get(pair)
    place[pair] = f"{earlier}\n\n{description}" if earlier and description else description or earlier or ""
