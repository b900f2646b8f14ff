"""How the page of the journal tells details: short, and without the signs of a programming language."""

from __future__ import annotations

import re
from typing import Any

from django import template

register = template.Library()

_HASH = re.compile(r"[0-9a-f]{40,}")
SHOWN = 12


@register.filter
def told(value: Any) -> str:
    """A detail in words: lists by commas, hashes by their beginning, yes and no. The export has it all."""
    match value:
        case None | "" | [] | {}:
            return "none"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(told, value))
        case dict():
            return ", ".join(f"{name} {told(one)}" for name, one in value.items())
    return _HASH.sub(lambda found: f"{found[0][:SHOWN]}…", str(value))


@register.filter
def named(name: str) -> str:
    """The name of a detail as words."""
    return name.replace("_", " ")
