"""The room's registration with Django, and its entry in the rail."""

from django.apps import AppConfig

from studio.ui.nav import NavItem


class PacksConfig(AppConfig):
    """Exports and downloads."""

    name = "studio.packs"
    default_auto_field = "django.db.models.BigAutoField"
    nav = [NavItem("Exports", "packs:list", "package-export", 50)]
