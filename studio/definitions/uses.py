"""Which rules use a team's macros and lists (`definition_uses(team, names)` of the rooms' AppConfigs tells), and which
belong to a rule set (`rule_set_uses(team, slug)`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from django.apps import apps

from rules_export.ruleset.model import Rule
from studio.accounts.models import Team
from studio.lab.results import Sample


@dataclass(frozen=True, slots=True)
class Use:
    """A rule that names some of the wanted names, itself or by what it brings.

    kind: Draft, In review or Approved. rule: as it stands now, with what it brings. frozen: it keeps the text that it
    was handed in with. samples: the events that it is tried on.
    """

    kind: str
    name: str
    url: str
    rule: Rule
    frozen: bool
    names: frozenset[str]
    samples: Callable[[], Sequence[Sample]] = field(compare=False, repr=False)


def of(team: Team, names: Collection[str]) -> list[Use]:
    """The team's rules that use one of these names, room by room: drafts, then what was handed in."""
    wanted = frozenset(names)
    rooms = [config for config in apps.get_app_configs() if hasattr(config, "definition_uses")]
    return [use for config in rooms for use in config.definition_uses(team, wanted)]


def of_rule_set(team: Team, slug: str) -> list[Use]:
    """The team's drafts that belong to the rule set."""
    rooms = [config for config in apps.get_app_configs() if hasattr(config, "rule_set_uses")]
    return [use for config in rooms for use in config.rule_set_uses(team, slug)]
