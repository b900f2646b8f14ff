"""The room's registration with Django."""

from django.apps import AppConfig


class VerdictsConfig(AppConfig):
    """What the real Falco says."""

    name = "studio.verdicts"
    default_auto_field = "django.db.models.BigAutoField"
