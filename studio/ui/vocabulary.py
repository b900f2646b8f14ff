"""What the editor offers while somebody types: the engine's fields, operators, macros and lists, as one document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from typing import Any, Protocol

from rules_export.catalog.fields import FieldInfo, all_fields
from rules_export.catalog.macros import LISTS, MACROS
from rules_export.catalog.operators import operators_for


class Named(Protocol):
    """Something of the library that has a name and says what it is for."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...


@cache
def document() -> tuple[str, str]:
    """The JSON text and its ETag.

    `fields`: name, type ("list of …" where it is one), arg; `operators`: type → operators that Falco accepts on it,
    letters before signs; `macros` and `lists`: name, description.
    """
    fields = list(all_fields())
    content = {
        "fields": [_field(info) for info in fields],
        "operators": {_type(info): _letters_first(operators_for(info.type, info.is_list)) for info in fields},
        "macros": _named(MACROS.values()),
        "lists": _named(LISTS.values()),
    }
    text = json.dumps(content, separators=(",", ":"))
    return text, f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


def _type(info: FieldInfo) -> str:
    return f"list of {info.type}" if info.is_list else info.type


def _field(info: FieldInfo) -> dict[str, Any]:
    needs = {"required": "[…]", "optional": "[…]?"}.get(info.arg, "")
    return {"name": info.name, "type": _type(info), **({"arg": needs} if needs else {})}


def _letters_first(operators: tuple[str, ...]) -> list[str]:
    return sorted(operators, key=lambda operator: not operator[0].isalpha())


def _named(infos: Iterable[Named]) -> list[dict[str, str]]:
    return [{"name": info.name, "description": info.description} for info in infos]
