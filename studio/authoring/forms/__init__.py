"""What each step of the wizard may be asked to change: the form of every action, by step."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import QueryDict

from studio.authoring.forms import (
    behaviours,
    build,
    condition,
    details,
    exceptions,
    fixing,
    output,
    silencing,
    technique,
    waiving,
)
from studio.authoring.forms.base import ChangeForm

ACTIONS: Mapping[str, Mapping[str, type[ChangeForm]]] = {
    "technique": technique.ACTIONS,
    "behaviours": behaviours.ACTIONS,
    "condition": {**condition.ACTIONS, "build": build.BuildForm},
    "exceptions": {**exceptions.ACTIONS, **silencing.ACTIONS},
    "output": output.ACTIONS,
    "details": details.ACTIONS,
    "check": {},
}


def bound(step: str, data: QueryDict) -> ChangeForm:
    """The form for a post to a step, by its `action` (`verb` or `verb:argument`); an unknown verb changes nothing."""
    verb, _, argument = data.get("action", "save").partition(":")
    posted = data.copy()
    posted["argument"] = argument
    return {**fixing.ACTIONS, **waiving.ACTIONS, **ACTIONS[step]}.get(verb, ChangeForm)(posted)
