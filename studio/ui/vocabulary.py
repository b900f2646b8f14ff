"""What the editor offers while somebody types: the engine's fields, operators, macros and lists, as one document."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any, Protocol

from rules_export.catalog import versions
from rules_export.catalog.fields import FieldInfo, all_fields
from rules_export.catalog.known_values import fields_with_values, known_values, named_values, when_empty
from rules_export.catalog.macros import LISTS, MACROS
from rules_export.catalog.operators import operators_for
from rules_export.language.operators import FIELD_TRANSFORMER, MODIFIERS, TRANSFORMERS
from rules_export.language.words import NOUNS

#: Items of a list that a tooltip shows.
SHOWN = 40


class Named(Protocol):
    """Something of the library that has a name and says what it is for."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...


@cache
def document() -> tuple[str, str]:
    """The JSON text and its ETag.

    `fields`: name, type ("list of …" where it is one), arg, description, since (the release that brought it), plugin,
    deprecated, empty (when it has no value); `operators`: type → operators that Falco accepts on it, letters before
    signs; `values`: field → known values; `arguments`: event argument → names of its values; `modifiers` and
    `transformers`: names; `macros`: name, description, condition; `lists`: name, description, items, count.
    """
    fields = list(all_fields())
    content = {
        "fields": [_field(info) for info in fields],
        "operators": {_type(info): _letters_first(operators_for(info.type, info.is_list)) for info in fields},
        "values": {name: known_values(name) for name in fields_with_values()},
        "arguments": named_values(),
        "modifiers": MODIFIERS,
        "transformers": (*TRANSFORMERS, FIELD_TRANSFORMER),
        "macros": [{**_named(info), "condition": info.condition} for info in MACROS.values()],
        "lists": [{**_named(info), "items": info.items[:SHOWN], "count": len(info.items)} for info in LISTS.values()],
    }
    text = json.dumps(content, separators=(",", ":"))
    return text, f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


def _type(info: FieldInfo) -> str:
    return f"list of {info.type}" if info.is_list else info.type


def _field(info: FieldInfo) -> dict[str, Any]:
    needs = {"required": "[…]", "optional": "[…]?"}.get(info.arg, "")
    known, plugin = versions.since("field", info.name), versions.plugin_of_field(info.name)
    more = {
        "arg": needs,
        "description": NOUNS.get(info.name),
        "since": known.since.falco if known and not known.floor else None,
        "plugin": plugin[0] if plugin else None,
        "deprecated": info.deprecated,
        "empty": when_empty(info),
    }
    return {"name": info.name, "type": _type(info), **{key: value for key, value in more.items() if value}}


def _letters_first(operators: tuple[str, ...]) -> list[str]:
    return sorted(operators, key=lambda operator: not operator[0].isalpha())


def _named(info: Named) -> dict[str, str]:
    return {"name": info.name, "description": info.description}
