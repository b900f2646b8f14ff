"""The accounts room."""

from __future__ import annotations

from django.apps import AppConfig

from studio.ui.nav import NavItem


class AccountsConfig(AppConfig):
    name = "studio.accounts"
    label = "accounts"
    verbose_name = "People and teams"
    nav = [NavItem("Settings", "accounts:profile", "settings", 90, "s", ("audit:journal", "account_change_password"))]
