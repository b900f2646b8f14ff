"""Version requirements: what a rules file asks of the engine and of plugins."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from rules_export.ruleset.context import (
    ENGINE_VERSION,
    PLUGIN_ALTERNATIVE,
    PLUGIN_ENTRY,
    PLUGIN_VERSIONS,
    VALIDATE,
    Context,
    LoadError,
)
from rules_export.ruleset.decoding import Fields, as_unsigned, invalid, required_text
from rules_export.yamlcpp.node import MAP, SCALAR, SEQUENCE, Node

_PART = r"[ \t\n\v\f\r]*([+-]?[0-9]+)"
_THREE = re.compile(_PART + r"\." + _PART + r"\." + _PART)


class Version(NamedTuple):
    """major.minor.patch; compares as numbers."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return ".".join(map(str, self))

    def serves(self, asked: Version) -> bool:
        """Whether this version meets a requirement: the same major version, and not older."""
        return self.major == asked.major and self >= asked


#: The engine that we answer for.
ENGINE = Version(0, 63, 0)


def parse_version(text: str) -> Version | None:
    """Three numbers with dots, whatever follows them; None for other text. Numbers wrap at 32 bits, as in Falco."""
    found = _THREE.match(text)
    if found is None or len(found.group()) > 200:
        return None
    return Version(*(min(int(part), 2**64 - 1) % 2**32 for part in found.groups()))


def read_engine_version(fields: Fields, item: Node, parent: Context) -> Version:
    """The engine version that an item asks for. A whole number N means 0.N.0."""
    context = parent.child(ENGINE_VERSION, "", item.mark)
    node = fields["required_engine_version"]
    number = as_unsigned(node.text) if node.kind == SCALAR else None
    version: Version | None
    if number is not None:
        version = Version(0, number, 0)
    else:
        text = required_text(fields, "required_engine_version", context)
        version = parse_version(text)
        if version is None:
            wanted = 'Expected "x.y.z" semver format.'
            raise invalid(f"Unable to parse engine version '{text}' as a semver string. {wanted}", context)
    if not ENGINE.serves(version):
        message = f"Rules require engine version {version}, but engine version is {ENGINE}"
        raise LoadError(VALIDATE, message, context)
    return version


def read_plugin_versions(fields: Fields, parent: Context, collect: Callable[[list[tuple[str, str]]], object]) -> None:
    """Hand to `collect`, for each entry, its (name, version) and those of its alternatives."""
    node = fields["required_plugin_versions"]
    context = parent.child(PLUGIN_VERSIONS, "", node.mark)
    if node.kind != SEQUENCE:
        raise invalid("Value of required_plugin_versions must be a sequence", context)
    for entry in node.items:
        collect(_read_entry(entry, context))


def _read_entry(entry: Node, context: Context) -> list[tuple[str, str]]:
    if entry.kind != MAP:
        raise invalid("Plugin version must be a mapping", context.child(PLUGIN_ENTRY, "", entry.mark))
    fields = entry.by_key()
    name = required_text(fields, "name", context.child(PLUGIN_ENTRY, "", entry.mark))
    place = context.child(PLUGIN_ENTRY, name, entry.mark)
    accepted = [(name, required_text(fields, "version", place))]
    alternatives = fields.get("alternatives")
    if alternatives is not None:
        if alternatives.kind != SEQUENCE:
            raise invalid("Value of plugin version alternatives must be a sequence", place)
        accepted += [_read_alternative(node, place) for node in alternatives.items]
    seen: set[str] = set()
    for name, version in accepted:
        if parse_version(version) is None:
            raise LoadError(VALIDATE, f"Invalid required version '{version}' for plugin '{name}'", place)
        if name in seen:
            message = f"Defined multiple alternative version requirements for plugin '{name}'"
            raise LoadError(VALIDATE, message, place)
        seen.add(name)
    return accepted


def _read_alternative(node: Node, parent: Context) -> tuple[str, str]:
    if node.kind != MAP:
        raise invalid("Plugin version alternative must be a mapping", parent.child(PLUGIN_ALTERNATIVE, "", node.mark))
    fields = node.by_key()
    name = required_text(fields, "name", parent.child(PLUGIN_ALTERNATIVE, "", node.mark))
    return name, required_text(fields, "version", parent.child(PLUGIN_ALTERNATIVE, name, node.mark))


def unmet_requirement(required: Sequence[Sequence[tuple[str, str]]], loaded: Mapping[str, str]) -> str | None:
    """Falco's text for the first requirement that the loaded plugins do not meet; None when they meet all.

    Of an entry and its alternatives the first one that is loaded decides, even if a later one would do.
    """
    for accepted in required:
        decider = next(((name, asked) for name, asked in accepted if name in loaded), None)
        if decider is None:
            wanted = ", ".join(f"{name} (>= {asked})" for name, asked in accepted)
            return f"Plugin requirement not satisfied, must load one of: {wanted}"
        name, asked = decider
        present, needed = parse_version(loaded[name]), parse_version(asked)
        if present is None or needed is None or not present.serves(needed):
            return f"Plugin '{name}' version '{loaded[name]}' is not compatible with required plugin version '{asked}'"
    return None
