"""The room's registration with Django, and its entry in the rail."""

from django.apps import AppConfig

from studio.ui.nav import NavItem


class CoverageConfig(AppConfig):
    """The team's coverage of ATT&CK."""

    name = "studio.coverage"
    nav = [NavItem("Coverage", "coverage:matrix", "radar-2", 10, key="o")]
