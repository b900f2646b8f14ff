"""The rules that a team has, as the lab tries them. Rooms to the right name theirs in a method of their AppConfig:
`lab_rules(team) -> list[KnownRule]`."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps

from rules_export.ruleset.model import Rule
from studio.accounts.models import Team

#: Rules of one kind that are offered and tried.
MOST = 1000


@dataclass(frozen=True, slots=True)
class KnownRule:
    """A rule with what the lab says of it. key: in addresses; kind: "Approved" or "Draft"; url: its page.

    samples: the key of the set of events that are kept with it, or None.
    """

    key: str
    name: str
    kind: str
    rule: Rule
    url: str
    samples: int | None = None


def known_rules(team: Team) -> list[KnownRule]:
    """All of the team's rules: approved ones, then drafts, each by name."""
    found = [one for config in apps.get_app_configs() if hasattr(config, "lab_rules") for one in config.lab_rules(team)]
    return sorted(found, key=lambda one: (one.kind != APPROVED, one.name.casefold(), one.key))


def known_rule(team: Team, key: str) -> KnownRule | None:
    """One of them."""
    return next((one for one in known_rules(team) if one.key == key), None)


APPROVED, DRAFT, PASTED = "Approved", "Draft", "Pasted"
