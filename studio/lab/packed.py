"""A rule as JSON and back, so that a run keeps the rule as it was when somebody asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from rules_export.ruleset.model import List, Macro, Rule, RuleException

_NAMES = frozenset(one.name for one in fields(Rule))


def pack(rule: Rule) -> dict[str, Any]:
    """The rule as plain JSON."""
    return asdict(rule)


def unpack(data: Mapping[str, Any]) -> Rule:
    """What `pack` made; keys that are not known (any more) are left out."""
    kept = {name: value for name, value in data.items() if name in _NAMES}
    kept["tags"] = tuple(kept.get("tags", ()))
    kept["exceptions"] = tuple(_exception(one) for one in kept.get("exceptions", ()))
    kept["brings"] = tuple(_item(one) for one in kept.get("brings", ()))
    return Rule(**kept)


def _exception(data: Mapping[str, Any]) -> RuleException:
    return RuleException(**{name: _tuples(value) for name, value in data.items()})


def _item(data: Mapping[str, Any]) -> Macro | List:
    return List(data["name"], tuple(data["items"])) if "items" in data else Macro(data["name"], data["condition"])


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value
