"""The lab as a Django app."""

from django.apps import AppConfig

from studio.ui.nav import NavItem


class LabConfig(AppConfig):
    """Sample events and their runs."""

    name = "studio.lab"
    default_auto_field = "django.db.models.BigAutoField"
    nav = [NavItem("Lab", "lab:index", "flask", 70, key="l")]
