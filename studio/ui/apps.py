"""The ui room."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "studio.ui"
    label = "ui"
