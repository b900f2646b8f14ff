"""The JSON schema that Falco holds a rules file against. Its outcome is a remark only; it never fails a file.

The validator weighs types weakly: any scalar is a string, `true` and `false` are booleans, digits are an integer, an
empty mapping passes for a sequence and an empty sequence for a mapping. Its complaints are worded by us, item and key:
Falco's own come from a validator's library and are not part of its verdict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from rules_export.yamlcpp.node import MAP, SCALAR, SEQUENCE, Node

Check: TypeAlias = Callable[[Node], bool]
Properties: TypeAlias = Mapping[str, Check]

_INTEGER = re.compile(r"[ \t\n\v\f\r]*[+-]?[0-9]+")


class SchemaAbortError(Exception):
    """A shape at which the validator, and Falco with it, ends without a verdict."""


def matches_schema(document: Node) -> bool:
    """Whether one document fits.

    Raises YamlError where a mapping's key does not convert, SchemaAbortError where Falco dies.
    """
    if not _is_array(document):
        return False
    return _all(_item, document.items)


def complaints(document: Node) -> list[str]:
    """Why a document does not fit, one text a key, with the item counted from 0; empty for one that does."""
    if not _is_array(document):
        return ["the document is no sequence of items"]
    return [text for number, item in enumerate(document.items) for text in _of_item(number, item)]


def _of_item(number: int, item: Node) -> Iterator[str]:
    if not _is_object(item):
        yield f"item {number} is no mapping"
        return
    seen: set[str] = set()
    for key, value in item.pairs:
        name = key.as_text()
        member = _ITEM.get(name)
        if name in seen:
            yield f"item {number}: the key {name} stands twice"
        elif member is None:
            yield f"item {number}: the schema has no key {name}"
        elif not member(value):
            yield f"item {number}: the value of {name} does not fit"
        seen.add(name)


def _all(check: Check, nodes: list[Node]) -> bool:
    """Every node is looked at, even after one has failed: looking may raise."""
    fits = True
    for node in nodes:
        fits = check(node) and fits
    return fits


def _is_array(node: Node) -> bool:
    return node.kind == SEQUENCE or (node.kind == MAP and not node.pairs)


def _is_object(node: Node) -> bool:
    return node.kind == MAP or (node.kind == SEQUENCE and not node.items)


def _string(node: Node) -> bool:
    return node.kind == SCALAR


def _boolean(node: Node) -> bool:
    return node.kind == SCALAR and node.text in ("true", "false")


def _integer(node: Node) -> bool:
    if node.kind != SCALAR or not _INTEGER.fullmatch(node.text):
        return False
    return -(2**63) <= int(node.text) < 2**63


def _one_of(*words: str) -> Check:
    return lambda node: node.kind == SCALAR and node.text in words


def _array_of(check: Check) -> Check:
    return lambda node: _is_array(node) and _all(check, node.items)


def _object(properties: Properties, required: tuple[str, ...] = ()) -> Check:
    """A mapping of these keys, no others, none of them twice."""

    def check(node: Node) -> bool:
        if not _is_object(node):
            return False
        fits, seen = True, set()
        for key, value in node.pairs:
            name = key.as_text()
            seen.add(name)
            member = properties.get(name)
            if member is None or not member(value):
                fits = False
        return fits and len(seen) == len(node.pairs) and seen.issuperset(required)

    return check


def _anything(_node: Node) -> bool:
    return True


_OPERATION = _one_of("append", "replace")
_OVERRIDE_KEYS = (
    "capture", "capture_duration", "condition", "desc", "enabled", "exceptions", "items", "output", "priority",
    "skip-if-unknown-filter", "tags", "warn_evttypes",
)  # fmt: skip
_override_members = _object(dict.fromkeys(_OVERRIDE_KEYS, _OPERATION))


def _override(node: Node) -> bool:
    if node.kind == SEQUENCE and not node.items:
        raise SchemaAbortError("JSON value is not an object.")
    return _override_members(node) and (node.kind != MAP or bool(node.pairs))


_named_version = {"name": _string, "version": _string}
_exception = _object({"name": _string, "fields": _anything, "comps": _anything, "values": _anything}, ("name",))
_plugin = _object({**_named_version, "alternatives": _array_of(_object(_named_version, ("name", "version")))},
                  ("name", "version"))  # fmt: skip
_PRIORITIES = ("EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "INFORMATIONAL", "DEBUG")
_ITEM: Properties = {
    "append": _boolean, "capture": _boolean, "capture_duration": _integer, "condition": _string, "desc": _string,
    "enabled": _boolean, "exceptions": _array_of(_exception), "items": _array_of(_string), "list": _string,
    "macro": _string, "output": _string, "override": _override,
    "priority": _one_of(*_PRIORITIES),
    "required_engine_version": _string, "required_plugin_versions": _array_of(_plugin), "rule": _string,
    "skip-if-unknown-filter": _boolean, "source": _string, "tags": _array_of(_string), "warn_evttypes": _boolean,
}  # fmt: skip
_item = _object(_ITEM)
