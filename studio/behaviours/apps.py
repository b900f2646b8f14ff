"""The room's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig


class BehavioursConfig(AppConfig):
    """Behaviours: built-in knowledge, no tables."""

    name = "studio.behaviours"
    label = "behaviours"
    verbose_name = "Behaviours"
