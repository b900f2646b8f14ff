"""The authoring room: its entry in the rail, the button on top, and what the search over everything finds in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse

from studio.ui.commands import Command
from studio.ui.nav import ActionItem, Hit, NavItem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.accounts.models import Team
    from studio.accounts.requests import TeamRequest
    from studio.definitions.uses import Use
    from studio.lab.known_rules import KnownRule

#: Drafts that one search over everything shows.
HITS = 8


class AuthoringConfig(AppConfig):
    """Drafts and the wizard."""

    name = "studio.authoring"
    default_auto_field = "django.db.models.BigAutoField"
    nav = [NavItem("Drafts", "authoring:list", "feather", 30, key="d")]
    actions = [
        ActionItem("New rule", "authoring:create", "plus", 10),
        ActionItem("New rule from YAML", "authoring:from_yaml", "clipboard-text", 15),
    ]

    def lab_rules(self, team: Team) -> list[KnownRule]:
        """The team's drafts that have a condition, as the lab tries them."""
        from studio.authoring import queries
        from studio.authoring.content import from_json, needing, to_rule
        from studio.definitions import queries as definitions
        from studio.lab.known_rules import DRAFT, MOST, KnownRule

        own = definitions.own(team.pk)
        return [
            KnownRule(
                f"draft-{one.pk}", one.display_title, DRAFT, to_rule(needing(from_json(one.content), own)),
                reverse("authoring:draft", args=[one.pk]), one.samples_id,
            )
            for one in queries.drafts(team)[:MOST]
            if one.content.get("condition", "").strip()
        ]  # fmt: skip

    def search(self, request: HttpRequest, text: str) -> list[Hit]:
        """The team's drafts by name, technique or author."""
        from studio.authoring import queries

        team = cast("TeamRequest", request).team
        if team is None:
            return []
        return [
            Hit("Draft", item.display_title, item.techniques, reverse("authoring:draft", args=[item.pk]), "feather")
            for item in queries.drafts(team, text)[:HITS]
        ]

    def suggest(self, request: HttpRequest, text: str) -> list[Hit]:
        """The same by name and technique alone, for somebody who is typing."""
        from studio.authoring import queries

        team = cast("TeamRequest", request).team
        if team is None:
            return []
        return [
            Hit("Draft", title, techniques, reverse("authoring:draft", args=[pk]), "feather")
            for pk, title, techniques in queries.named(team, text)[:HITS]
        ]

    def commands(self, request: HttpRequest, at: str) -> list[Command]:
        """What can be done with the draft whose page is open."""
        from studio.authoring import commanding

        return commanding.commands(cast("TeamRequest", request), at)

    def definition_uses(self, team: Team, names: frozenset[str]) -> Iterator[Use]:
        """The drafts that use one of these macros and lists."""
        from studio.authoring import using

        return using.uses(team, names)

    def rule_set_uses(self, team: Team, slug: str) -> Iterator[Use]:
        """The drafts that belong to this rule set."""
        from studio.authoring import using

        return using.rule_set_uses(team, slug)
