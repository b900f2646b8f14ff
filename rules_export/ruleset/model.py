"""What a rules file defines: rules, macros, lists and exceptions as frozen values, free of where they were written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

#: One entry of an exception: a text, a tuple of entries, or None for what Falco reads as neither (null or a map).
Entry: TypeAlias = "str | tuple[Entry, ...] | None"

#: Priorities from most to least urgent, as we write them.
PRIORITIES = ("EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFORMATIONAL", "DEBUG")


@dataclass(frozen=True, slots=True)
class RuleException:
    """An exception of a rule.

    Single shape: `fields` and `comps` are texts, `values` a tuple of texts. Tuple shape: `fields` and `comps` are
    tuples of one length, `values` a tuple of rows of that length whose members are texts or tuples of texts. With
    `comps` None Falco takes its default: `in` for the single shape, `=` for each field of a tuple.
    `comment` is written above it for people and changes nothing: exceptions that differ in it alone are equal.
    """

    name: str
    fields: Entry
    comps: Entry = None
    values: tuple[Entry, ...] = ()
    comment: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A whole rule. `priority` is one of PRIORITIES in any case (INFO too); `capture_duration` in milliseconds.

    brings: the macros and lists of a team's own that the rule means by their names, each after those that it uses. They
    are part of what the rule means and no part of its own YAML. rule_set: the short name of the imported rule set that
    the rule belongs to, "" for a rule written by the team; its names are resolved in that set first.
    """

    name: str
    condition: str
    output: str
    desc: str
    priority: str
    tags: tuple[str, ...] = ()
    source: str = "syscall"
    enabled: bool = True
    exceptions: tuple[RuleException, ...] = ()
    warn_evttypes: bool = True
    skip_if_unknown_filter: bool = False
    capture: bool = False
    capture_duration: int = 0
    brings: tuple[Macro | List, ...] = ()
    rule_set: str = ""


@dataclass(frozen=True, slots=True)
class Macro:
    """A named condition."""

    name: str
    condition: str


@dataclass(frozen=True, slots=True)
class List:
    """A named list of texts."""

    name: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PluginVersion:
    """A plugin that a rule set needs, in the oldest version that will do; any of `alternatives` may stand in for it."""

    name: str
    version: str
    alternatives: tuple[PluginVersion, ...] = ()


Item: TypeAlias = Rule | Macro | List


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What remains when rules files are loaded one after the other: every name once, in order of first definition."""

    rules: tuple[Rule, ...] = ()
    macros: tuple[Macro, ...] = ()
    lists: tuple[List, ...] = ()
    required_engine_version: str | None = None
    required_plugin_versions: tuple[PluginVersion, ...] = ()

    def rule(self, name: str) -> Rule | None:
        """The rule of that name, or None."""
        return next((rule for rule in self.rules if rule.name == name), None)
