"""What other rooms show on a technique's page: an AppConfig's method `technique_section(request, attack_id)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Section:
    """A card: its template, and what that takes (as `section.context`)."""

    template: str
    context: Mapping[str, Any]


def of(request: HttpRequest, attack_id: str) -> list[Section]:
    """The rooms' sections for this technique, from the top of the house."""
    asked = [
        config.technique_section(request, attack_id)
        for config in apps.get_app_configs()
        if hasattr(config, "technique_section")
    ]
    return [section for section in asked if section is not None]
