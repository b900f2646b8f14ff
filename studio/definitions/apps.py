"""The room of a team's own macros and lists: what the search over everything finds in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse

from studio.ui.commands import GO, Command
from studio.ui.nav import ActionItem, Hit

if TYPE_CHECKING:
    from rules_export.ruleset.model import Rule
    from studio.accounts.models import Team
    from studio.accounts.requests import TeamRequest

#: Macros and lists that one search over everything shows.
HITS = 8


class DefinitionsConfig(AppConfig):
    """Macros and lists."""

    name = "studio.definitions"
    default_auto_field = "django.db.models.BigAutoField"
    actions = [
        ActionItem("New macro", "definitions:create", "brackets", 40),
        ActionItem("New list", "definitions:create_list", "list", 45),
    ]

    def commands(self, request: HttpRequest, at: str) -> list[Command]:
        """The way to macros and lists, which have no entry in the rail."""
        return [Command("Macros and lists", reverse("definitions:list"), "brackets", also="open go to page", group=GO)]

    def search(self, request: HttpRequest, text: str) -> list[Hit]:
        """Macros and lists, the team's and the built-in ones, whose name or purpose has all words of the text."""
        from studio.definitions import listing

        team = cast("TeamRequest", request).team
        if team is None:
            return []
        found = listing.rows(team, listing.Asked(text=text))[:HITS]
        return [Hit(one.kind.title(), one.name, one.description[:120], one.url, one.icon) for one in found]

    def bring(self, team: Team, rule: Rule) -> Rule:
        """The rule with the team's macros and lists that it, or what it brings, names and does not bring itself."""
        from rules_export.definitions.closure import values_of
        from rules_export.ruleset.model import List, Macro
        from studio.definitions import queries
        from studio.definitions.values import items_of

        conditions = [one.condition for one in rule.brings if isinstance(one, Macro)]
        items = [item for one in rule.brings if isinstance(one, List) for item in one.items]
        brought = {one.name for one in rule.brings}
        own = queries.own(team.pk).within(rule.rule_set)
        needed = own.closure([rule.condition, *conditions], [*values_of(rule), *items])
        return replace(rule, brings=(*items_of(one for one in needed if one.name not in brought), *rule.brings))
