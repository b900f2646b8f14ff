"""Falco's verdict on rules files: the whole load, as `falco -V` does it, and the report that it makes.

`validate` for files, `RuleChecker` and `check_rule` for one rule in an editor, `as_json` and `as_text` for the report.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "RuleChecker": "rules_export.verdict.editing",
    "check_rule": "rules_export.verdict.editing",
    "load_ruleset": "rules_export.verdict.loading",
    "validate": "rules_export.verdict.loading",
    "Verdict": "rules_export.verdict.loading",
    "as_json": "rules_export.verdict.report",
    "as_text": "rules_export.verdict.report",
}

__all__ = ["RuleChecker", "Verdict", "as_json", "as_text", "check_rule", "load_ruleset", "validate"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
