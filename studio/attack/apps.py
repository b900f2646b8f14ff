"""The ATT&CK room."""

from django.apps import AppConfig

from studio.ui.nav import NavItem


class AttackConfig(AppConfig):
    name = "studio.attack"
    label = "attack"
    verbose_name = "ATT&CK"
    nav = [NavItem("ATT&CK", "attack:matrix", "layout-kanban", 80)]
