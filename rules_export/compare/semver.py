"""The next version of a rule set, proposed from what changed in meaning, with the reason for every level.

As the ecosystem counts: major where somebody may lose an alert or a name, minor where more is needed or offered,
patch for the rest. The highest wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from rules_export.catalog.versions import numbers
from rules_export.compare.difference import Change, Effect, meaning_diff
from rules_export.definitions.closure import tree_of
from rules_export.errors import EmitError
from rules_export.ruleset.model import PRIORITIES, List, Macro, PluginVersion, Rule

FIRST = "1.0.0"
_VERSION = re.compile(r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?")


class Level(IntEnum):
    """Which number of a version goes up."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class Content:
    """What a release defines and needs."""

    rules: tuple[Rule, ...] = ()
    macros: tuple[Macro, ...] = ()
    lists: tuple[List, ...] = ()
    engine: str = ""
    plugins: tuple[PluginVersion, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a level: what changed, of which item ("" for the whole file)."""

    level: Level
    item: str
    says: str


def reasons(old: Content, new: Content) -> tuple[Reason, ...]:
    """Every change with the level that it asks for, the highest first; none where nothing changed in meaning."""
    found = [
        *_rules(old.rules, new.rules),
        *_named(
            "macro", {one.name: one.condition for one in old.macros}, {one.name: one.condition for one in new.macros}
        ),
        *_named("list", {one.name: one.items for one in old.lists}, {one.name: one.items for one in new.lists}),
        *_requirement("engine", old.engine, new.engine),
        *_plugins(old.plugins, new.plugins),
    ]
    return tuple(sorted(found, key=lambda reason: -reason.level))


def proposed(previous: str, found: Iterable[Reason]) -> str:
    """The version after `previous`; the first one where there is none, the same where nothing changed.

    A pre-release is followed by the version that it leads to. Raises EmitError for a previous version of another form.
    """
    if not previous:
        return FIRST
    major, minor, patch, before = parsed(previous)
    if before:
        return f"{major}.{minor}.{patch}"
    match max((reason.level for reason in found), default=Level.NONE):
        case Level.MAJOR:
            return f"{major + 1}.0.0"
        case Level.MINOR:
            return f"{major}.{minor + 1}.0"
        case Level.PATCH:
            return f"{major}.{minor}.{patch + 1}"
    return previous


def parsed(version: str) -> tuple[int, int, int, str]:
    """Major, minor, patch and the pre-release part. Raises EmitError."""
    found = _VERSION.fullmatch(version)
    if not found:
        raise EmitError(f"{version[:40]!r} is no semantic version: it looks like 1.4.2 or 1.4.2-rc.1.")
    return int(found[1]), int(found[2]), int(found[3]), found[4] or ""


def order(version: str) -> tuple[tuple[int, int, int], bool, tuple[tuple[bool, int, str], ...]]:
    """A key that sorts versions as semver does: a pre-release before its release. Raises EmitError."""
    major, minor, patch, before = parsed(version)
    parts = tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in before.split("."))
    return (major, minor, patch), not before, parts if before else ()


def _rules(old: Sequence[Rule], new: Sequence[Rule]) -> Iterator[Reason]:
    before, after = {one.name: one for one in old}, {one.name: one for one in new}
    for name, rule in before.items():
        if name not in after:
            yield Reason(Level.MAJOR, name, "The rule is gone.")
            continue
        alone = replace(rule, brings=()), replace(after[name], brings=())  # macros and lists are told by themselves
        for change in meaning_diff(*alone):
            yield Reason(_level(change), name, change.says)
    for name in after:
        if name not in before:
            yield Reason(Level.MINOR, name, "The rule is new.")
    kept = [name for name in before if name in after]
    if kept != [name for name in after if name in before]:
        yield Reason(
            Level.MAJOR, "", "The order of the rules changed: of rules that match one event the first one fires."
        )


def _level(change: Change) -> Level:
    match change.place:
        case "condition":
            return Level.MAJOR if change.effect in (Effect.FEWER, Effect.OTHER) else Level.PATCH
        case "tags":
            return Level.MAJOR if change.before else Level.PATCH
        case "priority":
            return Level.PATCH if _rank(change.after) < _rank(change.before) else Level.MAJOR
        case "enabled":
            return Level.MAJOR if change.effect is Effect.FEWER else Level.PATCH
        case "exceptions" | "desc" | "output" | "warn_evttypes" | "capture" | "capture_duration":
            return Level.PATCH
    return Level.MAJOR


def _rank(priority: str) -> int:
    return PRIORITIES.index(priority) if priority in PRIORITIES else len(PRIORITIES)


def _named(what: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Reason]:
    for name, text in before.items():
        if name not in after:
            yield Reason(Level.MAJOR, name, f"The {what} is gone.")
        elif not _same(text, after[name]):
            if what == "list":
                yield Reason(Level.PATCH, name, "The items of the list changed.")
            else:
                yield Reason(Level.MAJOR, name, "The macro matches other events.")
    for name in after:
        if name not in before:
            yield Reason(Level.MINOR, name, f"The {what} is new.")


def _same(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        trees = tree_of(one), tree_of(other)
        return one == other or (trees[0] is not None and trees[0] == trees[1])
    return one == other


def _plugins(old: Sequence[PluginVersion], new: Sequence[PluginVersion]) -> Iterator[Reason]:
    before, after = {one.name: one.version for one in old}, {one.name: one.version for one in new}
    for name in dict.fromkeys([*before, *after]):
        yield from _requirement(f"plugin {name}", before.get(name, ""), after.get(name, ""))


def _requirement(what: str, before: str, after: str) -> Iterator[Reason]:
    if before == after:
        return
    if not after:
        yield Reason(Level.PATCH, "", f"The {what} is needed no more.")
    elif not before:
        yield Reason(Level.MINOR, "", f"The {what} is needed, in version {after} or newer.")
    else:
        raised = _comparable(after) > _comparable(before)
        level, how = (Level.MINOR, "newer") if raised else (Level.PATCH, "older")
        yield Reason(level, "", f"A {how} {what} is needed: {after}, it was {before}.")


def _comparable(version: str) -> tuple[int, ...]:
    """An engine's number of old stands for its version: 31 is 0.31.0."""
    return numbers(f"0.{version}.0" if version.isdigit() else version)
