"""Rules that are tried here as text bring what their team's names stand for; rooms that keep names tell what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.apps import apps

from rules_export.ruleset.model import Rule
from studio.accounts.models import Team
from studio.lab.known_rules import PASTED, KnownRule


def brought(team: Team, rules: Iterable[Rule]) -> list[Rule]:
    """Pasted rules with the macros and lists of the team that they name: `bring(team, rule)` of the AppConfigs."""
    rooms = [config for config in apps.get_app_configs() if hasattr(config, "bring")]
    found = list(rules)
    for config in rooms:
        found = [config.bring(team, rule) for rule in found]
    return found


def known(team: Team, rules: Iterable[KnownRule]) -> list[KnownRule]:
    """The same for rules of a run; what the team has keeps what it was handed in with."""
    return [replace(one, rule=brought(team, [one.rule])[0]) if one.kind == PASTED else one for one in rules]
