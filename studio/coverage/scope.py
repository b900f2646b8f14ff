"""Whose coverage is shown: the team's whole library, or a part of it that another room names, such as a pack.

A room on the right names its parts by a method `coverage(request) -> list[(label, address)]` of its AppConfig, and
answers below each address with `views.page` and `views.file`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.urls import reverse

from studio.accounts.requests import TeamRequest
from studio.attack.filters import Chip
from studio.coverage import queries
from studio.coverage.counting import CoveringRule

#: Parts that the page offers.
MOST_PARTS = 12


@dataclass(frozen=True, slots=True)
class Scope:
    """`address`: of the page; its files lie below it. `name`: empty for the library, else that of the part."""

    name: str
    address: str
    rules: Sequence[CoveringRule]


def library(request: TeamRequest) -> Scope:
    """All rules of the team."""
    return Scope("", reverse("coverage:matrix"), queries.rules(request.team))


def chips(request: TeamRequest, scope: Scope, query: str) -> list[Chip]:
    """The library and its parts as links, what else was asked kept; none where there are no parts."""
    asked = [config.coverage(request) for config in apps.get_app_configs() if hasattr(config, "coverage")]
    parts = [part for found in asked for part in found][:MOST_PARTS]
    everything = [("All rules", reverse("coverage:matrix")), *parts]
    return [Chip(label, url + query, url == scope.address) for label, url in everything] if parts else []
