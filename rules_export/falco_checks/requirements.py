"""What a condition or a rule needs of the Falco that loads it: releases and plugins, each with the reason.

Two kinds of reason: Falco before a release refuses the rule (a field it does not know), or it loads the rule and means
something else by it (`meaning`): before 0.42 a system call was two events, its entry and its return.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules_export.catalog import versions
from rules_export.catalog.versions import OLDEST, Availability, Release
from rules_export.errors import ConditionSyntaxError
from rules_export.language.ast import Compare, Field, Identifier, Node, Operand, Transformer, Value, ValueList
from rules_export.language.parser import parse
from rules_export.language.visitor import walk
from rules_export.ruleset.model import Rule, RuleException

_OUTPUT_FIELD = re.compile(r"%[0-9]*([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+)")
_OUTPUT_TRANSFORMER = re.compile(r"%[0-9]*([a-z0-9]+)\(([^)]*)")
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a rule needs.

    what: the thing, as `field proc.aargs`. engine, falco: the first release that has it, as required_engine_version
    states it and as people name it. removed: the first release that has it no more, "" while it is there. plugin: the
    plugin that provides it with its first version that does, or "". reason: a sentence for people.
    """

    what: str
    engine: str
    falco: str
    reason: str
    removed: str = ""
    plugin: str = ""
    plugin_version: str = ""
    meaning: bool = False


def needs(node: Node, macros: Mapping[str, Node] | None = None) -> tuple[Requirement, ...]:
    """What a condition needs, in the order of its parts; macros that `macros` lacks are taken to need nothing."""
    return tuple(dict.fromkeys(_of_condition(tuple(_whole(node, macros or {})))))


def rule_needs(rule: Rule, macros: Mapping[str, Node] | None = None) -> tuple[Requirement, ...]:
    """What a rule needs: its condition, exceptions, output and keys. A condition that does not parse needs nothing."""
    nodes = tuple(node for tree in _trees(rule) for node in _whole(tree, macros or {}))
    found = [*_of_condition(nodes), *_of_output(rule.output), *_of_keys(rule)]
    if rule.source == "syscall":
        found += _of_directions(nodes)
    return tuple(dict.fromkeys(found))


def lowest(requirements: Iterable[Requirement]) -> Release:
    """The oldest release that meets them all."""
    engines = [versions.release(one.engine) for one in requirements]
    return max(engines, key=versions.RELEASES.index, default=OLDEST)


def impossible(requirements: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """Those that no release meets together with the others: gone before the newest of the others came."""
    requirements = tuple(requirements)
    floor = versions.RELEASES.index(lowest(requirements))
    gone = [one for one in requirements if one.removed]
    return tuple(one for one in gone if versions.RELEASES.index(versions.release(one.removed)) <= floor)


def _trees(rule: Rule) -> Iterator[Node]:
    texts = [rule.condition, *(f"{field} exists" for one in rule.exceptions for field in _fields(one))]
    for text in texts:
        try:
            yield parse(text)
        except ConditionSyntaxError:
            continue


def _fields(exception: RuleException) -> tuple[str, ...]:
    fields = exception.fields if isinstance(exception.fields, tuple) else (exception.fields,)
    return tuple(field for field in fields if isinstance(field, str))


def _whole(node: Node, macros: Mapping[str, Node]) -> Iterator[Node | Operand]:
    """All nodes, those of the macros included; a macro that stands in itself is entered once."""
    waiting, seen = [node], set[str]()
    while waiting:
        for one in walk(waiting.pop()):
            if isinstance(one, Identifier):
                if one.name in macros and one.name not in seen:
                    seen.add(one.name)
                    waiting.append(macros[one.name])
            else:
                yield one


def _of_condition(nodes: tuple[Node | Operand, ...]) -> Iterator[Requirement]:
    events = tuple(name for node in nodes if isinstance(node, Compare) for name in _event_types(node))
    for node in nodes:
        match node:
            case Field(name):
                yield from _of_field(name, events)
            case Transformer("val"):
                yield from _known("syntax", "val()", "a comparison of two fields")
            case Transformer(name):
                yield from _known("transformer", name, f"transformer {name}()")
            case Compare(_, op):
                base, _, modifier = op.partition(" ")
                yield from _known("operator", base, f"operator {base}")
                if modifier:
                    yield from _known("modifier", modifier, f"modifier {modifier}")
    for name in events:
        yield from _known("event_type", name, f"event type {name}")


def _event_types(node: Compare) -> tuple[str, ...]:
    if not (isinstance(node.left, Field) and node.left.name in ("evt.type", "syscall.type")):
        return ()
    if isinstance(node.right, Value):
        return (node.right.text,)
    return node.right.items if isinstance(node.right, ValueList) else ()


def _of_field(name: str, events: tuple[str, ...]) -> Iterator[Requirement]:
    base = name
    while base and versions.since("field", base) is None and versions.plugin_of_field(base) is None:
        base = base.rpartition(".")[0]
    plugin = versions.plugin_of_field(base)
    yield from _known("field", base, f"field {base}")
    if plugin is not None:
        yield _from_plugin(base, *plugin)
    if base in ("evt.arg", "evt.rawarg") and base != name:
        argument = name.removeprefix(base + ".")
        yield from _known("event_arg", argument, f"event argument {argument}")
        yield from _of_argument(argument, events)


def _of_argument(argument: str, events: tuple[str, ...]) -> Iterator[Requirement]:
    """The first release in which any of the events carries the argument when its system call returns."""
    found = [known for event in events if (known := versions.since("exit_arg", f"{event}.{argument}"))]
    first = min(found, key=lambda known: versions.RELEASES.index(known.since), default=None)
    if first is not None and not first.floor:
        reason = f"{argument} is known when the system call returns since Falco {first.since.falco}"
        yield _requirement(f"event argument {argument}", first, reason, meaning=True)


def _from_plugin(field: str, plugin: str, version: str) -> Requirement:
    since = versions.CONTAINER_PLUGIN_SINCE if plugin == "container" else OLDEST
    reason = f"{field} comes from the {plugin} plugin"
    if plugin == "container":
        reason += f" since Falco {since.falco}"
    return Requirement(f"plugin {plugin}", since.engine, since.falco, reason, plugin=plugin, plugin_version=version)


def _of_output(output: str) -> Iterator[Requirement]:
    names = _OUTPUT_FIELD.findall(output)
    for name, arguments in _OUTPUT_TRANSFORMER.findall(output):
        yield from _known("transformer", name, f"transformer {name}()")
        yield from _known("syntax", "output_transformers", "a transformer in an output")
        names += _FIELD_NAME.findall(arguments)
    for name in names:
        yield from _of_field(name, ())


def _of_keys(rule: Rule) -> Iterator[Requirement]:
    if rule.capture or rule.capture_duration:
        yield from _known("item_key", "rule.capture", "the key capture")
    comps = [comp for one in rule.exceptions for comp in (one.comps if isinstance(one.comps, tuple) else (one.comps,))]
    if any(isinstance(comp, str) and len(comp.split()) > 1 for comp in comps):
        yield from _known("syntax", "exception_comps_modifier", "a modifier in an exception")


def _of_directions(nodes: tuple[Node | Operand, ...]) -> Iterator[Requirement]:
    if not any(isinstance(node, Field) and node.name == "evt.dir" for node in nodes):
        since = versions.release(versions.EXIT_EVENTS_ONLY_SINCE)
        reason = f"without evt.dir, Falco before {since.falco} also runs the rule when a system call begins"
        yield _requirement("one event for each system call", Availability(since), reason, meaning=True)


def _known(kind: str, name: str, what: str) -> Iterator[Requirement]:
    """The requirement for a name that is not as old as our facts; names that nobody knows need nothing."""
    found = versions.since(kind, name)
    if found is not None and (not found.floor or found.removed):
        reason = f"{what} exists since Falco {found.since.falco}"
        if found.removed:
            reason += f" and is gone since {found.removed.falco}"
        yield _requirement(what, found, reason)


def _requirement(what: str, found: Availability, reason: str, *, meaning: bool = False) -> Requirement:
    removed = found.removed.falco if found.removed else ""
    return Requirement(what, found.since.engine, found.since.falco, reason, removed, meaning=meaning)
