"""The `override` mapping of an item: which keys it adds to and which it replaces."""

from __future__ import annotations

from typing import NamedTuple

from rules_export.ruleset.context import OVERRIDES, VALUE_FOR, Context
from rules_export.ruleset.decoding import Fields, invalid
from rules_export.yamlcpp.node import MAP, SEQUENCE, Node
from rules_export.yamlcpp.text import YamlError

APPENDABLE_IN_RULES = ("condition", "exceptions", "output", "desc", "tags")
REPLACEABLE_IN_RULES = (
    "condition", "exceptions", "output", "desc", "tags", "priority", "capture", "capture_duration", "enabled",
    "warn_evttypes", "skip-if-unknown-filter",
)  # fmt: skip
OVERRIDE_AND_APPEND = (
    "Keys 'override' and 'append: true' cannot be used together. Add an 'append' entry (e.g. 'condition: append') "
    "under 'override' instead."
)

#: What the YAML library says when a sequence is walked like a mapping.
_NOT_A_MAPPING = "invalid node; this may result from using a map iterator as a sequence iterator, or vice-versa"


class Overrides(NamedTuple):
    """The keys named for each operation; both empty where there is no override."""

    append: frozenset[str]
    replace: frozenset[str]


NONE = Overrides(frozenset(), frozenset())


class UnusableNodeError(Exception):
    """Falco gives up on the file here, with this text and no place."""


def read_overrides(
    fields: Fields, item: Node, appendable: tuple[str, ...], replaceable: tuple[str, ...], parent: Context
) -> Overrides:
    """The overrides of one item. Null, a text and an empty mapping count as none."""
    node = fields.get("override")
    if node is None or node.kind not in (MAP, SEQUENCE):
        return NONE
    if node.kind == SEQUENCE:
        if node.items:
            raise UnusableNodeError(_NOT_A_MAPPING)
        return NONE
    place = parent.child(OVERRIDES, "", item.mark)
    append, replace = set(), set()
    for key_node, value in node.pairs:
        key, operation = _converted(key_node, parent), _converted(value, parent)
        if operation == "append":
            if key not in appendable:
                message = f"Key '{key}' cannot be appended to, use 'replace' instead"
                raise invalid(message, place.child(OVERRIDES, key, key_node.mark))
            append.add(key)
        elif operation == "replace":
            if key not in replaceable:
                raise invalid(f"Key '{key}' cannot be replaced", place.child(OVERRIDES, key, key_node.mark))
            replace.add(key)
        else:
            allowed = ("append " if key in appendable else "") + ("replace " if key in replaceable else "")
            message = f"Invalid override operation for key '{key}': '{operation}'. Allowed values are: {allowed}"
            raise invalid(message, place.child(VALUE_FOR, key, value.mark))
    return Overrides(frozenset(append), frozenset(replace))


def _converted(node: Node, context: Context) -> str:
    try:
        return node.as_text()
    except YamlError as error:
        at = context.file.source.position(error.mark)
        text = f"yaml-cpp: error at line {at.line + 1}, column {at.column + 1}: {error.message}"
        raise UnusableNodeError(text) from error


class ExpectedKeys:
    """The keys of a rule that an override must name: each is taken once, what is left over is an error."""

    def __init__(self, fields: Fields, item_context: Context) -> None:
        self._fields = fields
        self._context = item_context
        self._waiting = {key for key in REPLACEABLE_IN_RULES if key in fields}

    def take(self, key: str, operation: str) -> None:
        """Note that `key` is handled; an error if the rule does not have it, or has it handled already."""
        if key not in self._waiting:
            message = f"An {operation} override for '{key}' was specified but '{key}' is not defined"
            raise invalid(message, self._context)
        self._waiting.discard(key)

    def check_none_left(self) -> None:
        """An error for the first key, by its name, that no override speaks of."""
        for key in sorted(self._waiting):
            place = self._context.child(OVERRIDES, key, self._fields[key].mark)
            raise invalid(f"Unexpected key '{key}': no corresponding entry under 'override' is defined.", place)
