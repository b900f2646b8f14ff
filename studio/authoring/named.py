"""Techniques, tags and the switch of many contents, without reading the contents: the database gives them, as text."""

from __future__ import annotations

import json
from functools import lru_cache

from django.db.models.fields.json import KeyTextTransform

from rules_export.artifacts.navigator import techniques_of

#: For values_list: a content's techniques, and its tags.
NAMED = (KeyTextTransform("techniques", "content"), KeyTextTransform("tags", "content"))
#: For values_list: whether a content's rule is enabled, for `enabled`.
ENABLED = KeyTextTransform("enabled", "content")


def enabled(value: object) -> bool:
    """What ENABLED gave → whether Falco runs the rule. Databases write `false` differently; no value means enabled."""
    return str(value).lower() not in ("0", "false")


@lru_cache(maxsize=8192)
def named(techniques: str | None, tags: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What NAMED gave → the techniques that both name, each once, and the tags. Many rules say the same."""
    told = tuple(map(str, json.loads(tags or "[]")))
    return tuple(dict.fromkeys(techniques_of([*map(str, json.loads(techniques or "[]")), *told]))), told
