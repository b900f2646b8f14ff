"""The library in the shape that other tools read."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from studio.behaviours import conditions, queries
from studio.behaviours.records import Behaviour

UNOBSERVABLE = Path(__file__).parent / "data" / "unobservable.yaml"


def library(attack_ids: Collection[str] = ()) -> list[dict[str, Any]]:
    """Every behaviour (of these techniques, where some are named): id, techniques, title, condition (complete, with
    default parameters and macros resolved), attack_events and benign_events (fields), lowest_engine."""
    return [
        {
            "id": behaviour.id,
            "techniques": list(behaviour.techniques),
            "title": behaviour.title,
            "condition": conditions.condition(behaviour),
            "attack_events": [dict(event.fields) for event in behaviour.attack_events],
            "benign_events": [dict(event.fields) for event in behaviour.benign_events],
            "lowest_engine": behaviour.lowest_engine,
        }
        for behaviour in chosen(attack_ids)
    ]


def chosen(attack_ids: Collection[str] = ()) -> list[Behaviour]:
    """The behaviours of these techniques; all where none is named."""
    return queries.for_techniques(attack_ids) if attack_ids else list(queries.all())


@lru_cache(maxsize=1)
def unobservable() -> dict[str, str]:
    """Technique → why system calls on the host can't show it, and which source could."""
    reasons: dict[str, str] = yaml.safe_load(UNOBSERVABLE.read_text("utf-8"))
    seen = frozenset(queries.techniques())
    return {technique: reason for technique, reason in reasons.items() if technique not in seen}
