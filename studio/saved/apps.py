"""The room of saved views; its signs stand on the lists of other rooms."""

from __future__ import annotations

from django.apps import AppConfig


class SavedConfig(AppConfig):
    """Saved views."""

    name = "studio.saved"
    default_auto_field = "django.db.models.BigAutoField"
