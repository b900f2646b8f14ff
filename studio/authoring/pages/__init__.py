"""What each step's page shows, gathered from the draft, the library and the engine. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from studio.authoring.pages import behaviours, check, condition, details, exceptions, output, technique
from studio.authoring.pages.subject import Subject

_PAGES: Mapping[str, Callable[[Subject], dict[str, Any]]] = {
    "technique": technique.context,
    "behaviours": behaviours.context,
    "condition": condition.context,
    "exceptions": exceptions.context,
    "output": output.context,
    "details": details.context,
    "check": check.context,
}


def context(step: str, subject: Subject) -> dict[str, Any]:
    """What the step's template needs besides what all steps show."""
    return _PAGES[step](subject)
