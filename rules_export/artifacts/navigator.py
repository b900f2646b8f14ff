"""A layer for the ATT&CK Navigator, format 4.5: each technique with a score and the words behind it.

Written by ourselves: mitreattack-python's Layer takes half a second to import and writes UTF-16. The tests hold what
we write against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rules_export.artifacts.canonical import pretty_json

FORMAT = "4.5"
NAVIGATOR = "5.1.0"
#: From nothing to much. The Navigator mixes the colours between.
GRADIENT = ("#ffffff", "#9fd3dd", "#0b6477")


@dataclass(frozen=True, slots=True)
class LayerTechnique:
    """A technique of the layer. tactic: short name, "" for all of its tactics. metadata: (name, value) pairs."""

    technique: str
    score: int
    comment: str = ""
    tactic: str = ""
    metadata: tuple[tuple[str, str], ...] = ()


def layer(
    name: str,
    techniques: Iterable[LayerTechnique],
    *,
    description: str = "",
    attack_version: str = "18",
    platforms: Sequence[str] = (),
    highest: int = 0,
) -> bytes:
    """The layer as JSON. attack_version: 18 or 18.1. highest: the score of the deepest colour, 0 for the
    highest found.
    """
    found = sorted(techniques, key=lambda one: (one.technique, one.tactic))
    parents = {one.technique.partition(".")[0] for one in found if "." in one.technique}
    top = highest or max((one.score for one in found), default=1)
    whole: dict[str, Any] = {
        "name": name,
        "versions": {"attack": attack_version.partition(".")[0], "navigator": NAVIGATOR, "layer": FORMAT},
        "domain": "enterprise-attack",
        "description": description,
    }
    if platforms:
        whole["filters"] = {"platforms": list(platforms)}
    whole |= {
        "sorting": 3,
        "layout": {"layout": "side", "showID": True, "showName": True},
        "hideDisabled": False,
        "techniques": [_technique(one, one.technique in parents) for one in found],
        "gradient": {"colors": list(GRADIENT), "minValue": 0, "maxValue": max(top, 1)},
    }
    return pretty_json(whole)


def techniques_of(tags: Iterable[str]) -> tuple[str, ...]:
    """The techniques among a rule's tags."""
    return tuple(tag for tag in tags if re.fullmatch(r"T\d{4}(\.\d{3})?", tag))


def _technique(one: LayerTechnique, shows: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"techniqueID": one.technique}
    if one.tactic:
        found["tactic"] = one.tactic
    found |= {"score": one.score, "comment": one.comment, "enabled": True}
    found["metadata"] = [{"name": name, "value": value} for name, value in one.metadata]
    found["showSubtechniques"] = shows
    return found
