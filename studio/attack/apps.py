"""The ATT&CK room."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest

from studio.ui.nav import Hit, NavItem


class AttackConfig(AppConfig):
    name = "studio.attack"
    label = "attack"
    verbose_name = "ATT&CK"
    nav = [NavItem("ATT&CK", "attack:matrix", "layout-board", 80, key="a")]

    def search(self, request: HttpRequest, text: str) -> list[Hit]:
        """Techniques for the search over everything."""
        from studio.attack import queries  # models are not loaded yet when this module is

        return [
            Hit(
                "Technique", f"{found.attack_id} {found.full_name}", _tactics(found), found.get_absolute_url(), "target"
            )
            for found in queries.suggest(text)
        ]


def _tactics(technique: Any) -> str:
    return ", ".join(tactic.name for tactic in technique.tactics.all())
