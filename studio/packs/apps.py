"""The room's registration with Django, and its entries in the rail."""

from django.apps import AppConfig

from studio.ui.nav import NavItem


class PacksConfig(AppConfig):
    """Packs, their releases, exports of single files."""

    name = "studio.packs"
    default_auto_field = "django.db.models.BigAutoField"
    nav = [
        NavItem("Packs", "packs:packs", "packages", 50, key="p", also=("packs:keys",)),
        NavItem("Exports", "packs:list", "package-export", 55),
    ]
