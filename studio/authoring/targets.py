"""Whom a rule leaves behind: what is made for a Falco that lacks something the rule needs.

A room that makes files for a Falco tells it in its AppConfig: `left_behind(team_id, needs) -> Iterable[LeftBehind]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps

from rules_export.falco_checks.requirements import Requirement


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Something that is made for `falco`, which would not load the rule. reasons: why, as sentences."""

    name: str
    url: str
    falco: str
    reasons: tuple[str, ...]


def left_behind(team_id: int, needs: Sequence[Requirement]) -> list[LeftBehind]:
    """All of the team's; none is asked where every Falco loads it."""
    if all(one.meaning for one in needs):
        return []
    rooms = (config for config in apps.get_app_configs() if hasattr(config, "left_behind"))
    return [one for config in rooms for one in config.left_behind(team_id, needs)]
