"""Would this event match? Why, and why not?"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "compile_condition": "matcher",
    "match_many": "evaluator",
    "RuleSet": "evaluator",
    "normalise": "normalising",
    "synthesise": "sample",
}

__all__ = ["RuleSet", "compile_condition", "match_many", "normalise", "synthesise"]


def __getattr__(name: str) -> Any:
    """Import a part when it is first asked for: the engine's import stays cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
