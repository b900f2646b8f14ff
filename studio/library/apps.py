"""The library room: its entry in the rail, and what the search over everything finds in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse

from studio.ui.nav import Hit, NavItem

if TYPE_CHECKING:
    from studio.accounts.models import Team
    from studio.accounts.requests import TeamRequest
    from studio.authoring.namesakes import Named
    from studio.lab.known_rules import KnownRule

#: Rules that one search over everything shows.
HITS = 8


class LibraryConfig(AppConfig):
    """Approved rules."""

    name = "studio.library"
    default_auto_field = "django.db.models.BigAutoField"
    nav = [NavItem("Rules", "library:list", "books", 20, key="u", also=("definitions:list",))]

    def lab_rules(self, team: Team) -> list[KnownRule]:
        """The team's approved rules, as the lab tries them."""
        from studio.authoring.content import to_rule
        from studio.lab.known_rules import APPROVED, MOST, KnownRule
        from studio.library import queries

        return [
            KnownRule(
                f"approved-{one.draft_id}", one.name, APPROVED, to_rule(one.rule_content()),
                reverse("library:rule", args=[one.draft_id]), one.draft.samples_id,
            )
            for one in queries.rules(team)[:MOST]
        ]  # fmt: skip

    def rule_names(self, team: Team) -> list[Named]:
        """The team's approved rules by name and condition, so that the wizard can say which name is taken."""
        from studio.authoring.namesakes import Named
        from studio.library import queries

        rows = queries.rules(team).order_by().values_list("name", "draft_id", "content__condition")
        return [Named(name, "approved rule", pk, "library:rule", said or "") for name, pk, said in rows]

    def search(self, request: HttpRequest, text: str) -> list[Hit]:
        """The team's approved rules that say all words of the text."""
        from studio.library import queries

        team = cast("TeamRequest", request).team
        if team is None:
            return []
        return [
            Hit("Rule", one.name, one.content["desc"][:120], reverse("library:rule", args=[one.draft_id]), "books")
            for one in queries.saying(queries.rules(team), text)[:HITS]
        ]

    def suggest(self, request: HttpRequest, text: str) -> list[Hit]:
        """The same by name alone, for somebody who is typing; a technique's id is looked for in the whole rule."""
        from studio.attack.queries import is_attack_id
        from studio.library import queries

        team = cast("TeamRequest", request).team
        if team is None:
            return []
        if is_attack_id(text):
            return self.search(request, text)
        return [
            Hit("Rule", name, "", reverse("library:rule", args=[draft]), "books")
            for draft, name in queries.named(team, text)[:HITS]
        ]
