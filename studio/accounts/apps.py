"""The accounts room."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse

from studio.ui.commands import GO, Command
from studio.ui.nav import NavItem

if TYPE_CHECKING:
    from studio.accounts.requests import TeamRequest

#: Pages of the settings: words, name of the URL, icon, further words, the role that it takes ("" for everybody).
_PAGES = (
    ("Profile", "accounts:profile", "user", "settings name me", ""),
    ("People of the team", "accounts:members", "users", "settings members invite roles", ""),
    ("Team", "accounts:team", "settings", "settings name approvals", ""),
    ("Sign-in and security", "mfa_index", "shield-lock", "settings password second factor passkey recovery", ""),
    ("Sessions", "usersessions_list", "devices", "settings signed in sign out everywhere", ""),
    ("Change password", "account_change_password", "key", "settings", ""),
    ("Mail", "notices:mail", "mail", "settings notices digest e-mail", "viewer"),
    ("Webhooks", "notices:webhooks", "webhook", "settings slack chat notices outgoing", "administrator"),
    ("Journal", "audit:journal", "history", "settings audit log", "maintainer"),
)


class AccountsConfig(AppConfig):
    name = "studio.accounts"
    label = "accounts"
    verbose_name = "People and teams"
    nav = [
        NavItem(
            "Settings",
            "accounts:profile",
            "settings",
            90,
            "s",
            (
                "audit:journal",
                "lints:index",
                "account_change_password",
                "mfa_index",
                "usersessions_list",
                "socialaccount_connections",
                "notices:mail",
                "notices:webhooks",
                "api:tokens",
                "api:reference",
            ),
        )
    ]

    def commands(self, request: HttpRequest, at: str) -> list[Command]:
        """The pages of the settings, the person's other teams, and the way out."""
        from studio.accounts import queries
        from studio.accounts.permissions import allows

        mine = cast("TeamRequest", request)
        pages = [
            Command(label, reverse(name), icon, also=also, group=GO)
            for label, name, icon, also, role in _PAGES
            if not role or (mine.team is not None and allows(mine.user, mine.team, role))
        ]
        others = [one.team for one in queries.teams_of(mine.user) if one.team != mine.team]
        switch = reverse("accounts:switch_team")
        teams = [
            Command(f"Switch to the team {one}", switch, "users", (("team", one.slug),), "work here") for one in others
        ]
        return [*pages, *teams, Command("Sign out", reverse("account_logout"), "logout", (("next", "/"),), "log leave")]
