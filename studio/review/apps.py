"""The review room as a Django app."""

from django.apps import AppConfig

from studio.ui.nav import NavItem


class ReviewConfig(AppConfig):
    """Revisions and their states."""

    name = "studio.review"
    default_auto_field = "django.db.models.BigAutoField"
    nav = [NavItem("Reviews", "review:list", "git-pull-request", 40, key="r")]
