"""A selection of rules as one rules file that Falco loads without a warning: what they need comes with them.

overlay: the file is loaded after rules files of the Falco project, whose macros and lists it uses. standalone: the file
needs no other. Equal rules give equal bytes: no clock, no order of sets.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rules_export.catalog import versions
from rules_export.catalog.macros import UPSTREAM_FILES, UPSTREAM_VERSION
from rules_export.definitions.brought import brought
from rules_export.definitions.closure import Definitions, Vocabulary, closure
from rules_export.errors import EmitError
from rules_export.falco_checks.requirements import Requirement, impossible, lowest, rule_needs
from rules_export.findings import Finding
from rules_export.ruleset.model import Item, List, Macro, PluginVersion, Rule
from rules_export.write.judgement import refuse_unless_clean
from rules_export.write.naming import refuse_unless_unchanged, resolve_names
from rules_export.write.rule_yaml import to_yaml

Mode: TypeAlias = Literal["overlay", "standalone"]

#: The file that Falco's packages never overwrite, loaded after the default rules.
FILE_NAME = "falco_rules.local.yaml"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A rules file, and what was found out while writing it.

    macros, lists: those defined in the file, in its order. assumed: the macros and lists that it names and leaves to
    the rules files loaded before it. reasons: all that the rules need of Falco, the decisive ones first.
    warnings: what Falco would warn about in rules of an imported rule set.
    """

    text: str
    mode: Mode
    required_engine_version: str
    required_plugin_versions: tuple[PluginVersion, ...]
    macros: tuple[Macro, ...]
    lists: tuple[List, ...]
    assumed: tuple[str, ...]
    reasons: tuple[Requirement, ...]
    warnings: tuple[Finding, ...] = ()


def bundle(
    rules: Iterable[Rule],
    mode: Mode = "overlay",
    made_by: str = "Mews",
    *,
    macros: Iterable[Macro] = (),
    lists: Iterable[List] = (),
    upstream_files: Sequence[str] = UPSTREAM_FILES[:1],
    note: str = "",
) -> Bundle:
    """Write `rules` and what they need of `macros`, `lists`, what they bring (these come first) and the library.

    upstream_files: the rules files of the Falco project that an overlay is loaded after. note: a line or more for the
    comment on top. Raises EmitError, with the findings, for a rule set that Falco would not load without a warning.
    """
    asked = tuple(rules)
    beside: tuple[Macro | List, ...] = (*macros, *lists)
    _refuse_doubles(asked)
    upstream = Vocabulary.of((), (), upstream_files if mode == "overlay" else ()).upstream
    rules = resolve_names(asked, upstream)
    own = brought(rules)
    vocabulary = Vocabulary.of(
        [*(one for one in beside if isinstance(one, Macro)), *own.macros],
        [*(one for one in beside if isinstance(one, List)), *own.lists],
        upstream_files if mode == "overlay" else (),
    )
    needed = closure(rules, vocabulary, vocabulary.upstream)
    assumed = _assumed(rules, vocabulary, needed)
    reasons = _reasons(rules, vocabulary)
    plugins = _plugins(rules, reasons)
    engine = _engine(reasons)
    names = _named(rules, vocabulary, needed)
    comment = _comment(made_by, mode, upstream_files, names, reasons, note)
    text = to_yaml(
        [*needed.lists, *needed.macros, *rules],
        comment=comment,
        required_engine_version=engine,
        required_plugin_versions=plugins,
    )
    before = to_yaml([*assumed.lists, *assumed.macros])
    load, warnings = refuse_unless_clean([(UPSTREAM_FILES[0], before)] if before else [], (FILE_NAME, text), rules)
    refuse_unless_unchanged(asked, beside, load)
    return Bundle(text, mode, engine, plugins, needed.macros, needed.lists, names, reasons, warnings)


def _refuse_doubles(rules: tuple[Rule, ...]) -> None:
    """Falco takes a second rule of one name for a new version of the first, and says nothing."""
    if not rules:
        raise EmitError("There is no rule to export.")
    names = [rule.name for rule in rules]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        raise EmitError(f"Two rules are named {twice}. Falco would load the last one only: rename or leave out one.")


def _assumed(rules: tuple[Rule, ...], vocabulary: Vocabulary, needed: Definitions) -> Definitions:
    """What the rules and the macros written with them need of the files loaded before, with all that this needs."""
    everything = closure(rules, vocabulary)
    macros = tuple(one for one in everything.macros if one not in needed.macros)
    return Definitions(macros, tuple(one for one in everything.lists if one not in needed.lists))


def _named(rules: tuple[Rule, ...], vocabulary: Vocabulary, needed: Definitions) -> tuple[str, ...]:
    """The macros and lists of upstream that the file itself names, in alphabetical order."""
    items: tuple[Item, ...] = (*rules, *needed.macros, *needed.lists)
    return tuple(sorted({name.text for one in items for name in vocabulary.needs(one)} & vocabulary.upstream))


def _reasons(rules: tuple[Rule, ...], vocabulary: Vocabulary) -> tuple[Requirement, ...]:
    trees = vocabulary.trees()
    found = dict.fromkeys(one for rule in rules for one in rule_needs(rule, trees))
    if conflict := impossible(found):
        raise EmitError(f"No release of Falco loads these rules together: {conflict[0].reason}.")
    return tuple(sorted(found, key=lambda one: versions.numbers(one.engine), reverse=True))


def _engine(reasons: tuple[Requirement, ...]) -> str:
    """The lowest engine version, in the form that the oldest release that can load the rules understands."""
    release = lowest(reasons)
    if versions.numbers(release.falco) >= versions.numbers(versions.SEMVER_SINCE):
        return release.engine
    return release.engine.split(".")[1]


def _plugins(rules: tuple[Rule, ...], reasons: tuple[Requirement, ...]) -> tuple[PluginVersion, ...]:
    """Each plugin once, in the version that has all that is used.

    Of the container plugin at least what the oldest fitting Falco brings along: no older one ever ran with it.
    """
    found: dict[str, str] = {}
    for rule in rules:
        if plugin := versions.plugin_of_source(rule.source):
            found.setdefault(plugin, "0.1.0")
    for one in reasons:
        if one.plugin:
            found[one.plugin] = max(found.get(one.plugin, "0.0.0"), one.plugin_version, key=versions.numbers)
    if "container" in found:
        found["container"] = max(found["container"], lowest(reasons).container_plugin, key=versions.numbers)
    return tuple(PluginVersion(name, version) for name, version in sorted(found.items()))


def _comment(
    made_by: str,
    mode: Mode,
    upstream_files: Sequence[str],
    assumed: tuple[str, ...],
    reasons: tuple[Requirement, ...],
    note: str,
) -> str:
    if mode == "standalone":
        place = "It stands by itself: the macros and lists that its rules need are in it."
    elif assumed:
        place = (
            f"Load it after {_and(upstream_files)} of the Falco project (written for version {UPSTREAM_VERSION}), "
            f"which has to define: {', '.join(assumed)}."
        )
    else:
        place = f"It may be loaded after {_and(upstream_files)} of the Falco project, and needs nothing from there."
    release = lowest(reasons)
    decisive = next((one for one in reasons if one.engine == release.engine), None)
    because = f": {decisive.reason}" if decisive else ""
    needs = f"It needs Falco {release.falco} (engine {release.engine}) or newer{because}."
    plugin = next((f"{one.reason}." for one in reasons if one.plugin), "")
    paragraphs = [f"Rules for Falco, made by {made_by}.", *note.split("\n"), place, needs, plugin]
    return "\n".join("\n".join(textwrap.wrap(one, 110)) for one in paragraphs if one)


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
