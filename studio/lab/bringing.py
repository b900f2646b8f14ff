"""Rules that are tried here as text bring what their team's names stand for; rooms that keep names tell what that is."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps

from rules_export.ruleset.model import Rule
from studio.accounts.models import Team


def brought(team: Team, rules: Iterable[Rule]) -> list[Rule]:
    """The rules with the macros and lists of the team that they name: `bring(team, rule)` of the AppConfigs."""
    rooms = [config for config in apps.get_app_configs() if hasattr(config, "bring")]
    found = list(rules)
    for config in rooms:
        found = [config.bring(team, rule) for rule in found]
    return found
