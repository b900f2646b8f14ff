"""What every page's frame needs: the rail, the person's look, whether this is the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from studio.ui import nav
from studio.ui.look import Look


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: nav_links, create_actions and bar_items for who is signed in, look, demo, team."""
    signed_in = getattr(getattr(request, "user", None), "is_authenticated", False)
    return {
        "nav_links": nav.links(request.path) if signed_in else [],
        "create_actions": nav.create_actions() if signed_in else [],
        "bar_items": nav.bar_items(request) if signed_in else [],
        "look": Look.of(request),
        "demo": settings.DEMO,
        "team": getattr(request, "team", None),
    }
