"""The engine of Mews: everything between a rule and the YAML file that Falco loads.

The facade: four functions and the package `write`, each imported when it is first asked for, so that
`import rules_export` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "parse_condition": ("rules_export.language.parser", "parse"),
    "load_ruleset": ("rules_export.verdict.loading", "load_ruleset"),
    "check": ("rules_export.verdict.editing", "check_rule"),
    "evaluate": ("rules_export.evaluation.evaluator", "match_many"),
}

__all__ = ["check", "evaluate", "load_ruleset", "parse_condition", "write"]


def __getattr__(name: str) -> Any:
    if name == "write":
        return import_module("rules_export.write")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
