"""What has been read so far, over all files of a load: lists, macros and rules in order of their first definition.

Each has an `index`, its place of first definition, and a `visibility`, its place of last change: a macro sees the
macros whose index is below its visibility.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rules_export.ruleset.context import VALIDATE, Context, LoadError, Problem
from rules_export.ruleset.exceptions import ExceptionInfo, FieldTest, keep_replaced_comps, validate_exception
from rules_export.ruleset.model import List, Macro, PluginVersion, Rule, RuleSet
from rules_export.ruleset.versions import Version

_NO_LIST = "List uses 'append' or 'override.items: append' but no list by that name already exists"
_NO_MACRO = "Macro uses 'append' or 'override.condition: append' but no macro by that name already exists"
_NO_RULE_TO_APPEND = "Rule uses 'append' or 'override.<key>: append' but no rule by that name already exists"
_NO_RULE_TO_REPLACE = "An 'override.<key>: replace' to a rule was requested but no rule by that name already exists"


@dataclass(slots=True)
class ListInfo:
    """A list as collected."""

    name: str
    items: list[str]
    context: Context
    index: int = 0
    visibility: int = 0


@dataclass(slots=True)
class MacroInfo:
    """A macro as collected."""

    name: str
    condition: str
    context: Context
    condition_context: Context
    index: int = 0
    visibility: int = 0


@dataclass(slots=True)
class RuleInfo:
    """A rule as collected. `known_source` False: nothing provides its events, and it is never compiled."""

    name: str
    context: Context
    condition: str
    condition_context: Context
    output: str
    output_context: Context
    desc: str
    priority: str
    source: str
    enabled: bool = True
    capture: bool = False
    capture_duration: int = 0
    warn_evttypes: bool = True
    skip_if_unknown_filter: bool = False
    tags: list[str] = field(default_factory=list)
    exceptions: list[ExceptionInfo] = field(default_factory=list)
    known_source: bool = True
    index: int = 0
    visibility: int = 0

    def as_model(self) -> Rule:
        """The rule as it stands now."""
        return Rule(
            self.name, self.condition, self.output, self.desc, self.priority, tuple(dict.fromkeys(self.tags)),
            self.source, self.enabled, tuple(one.as_model() for one in self.exceptions), self.warn_evttypes,
            self.skip_if_unknown_filter, self.capture, self.capture_duration,
        )  # fmt: skip


@dataclass(slots=True)
class RuleUpdate:
    """Changes to an earlier rule: None means "not given". `source` "" is not compared."""

    name: str
    context: Context
    source: str = ""
    condition: str | None = None
    output: str | None = None
    desc: str | None = None
    tags: list[str] | None = None
    exceptions: list[ExceptionInfo] | None = None
    priority: str | None = None
    capture: bool | None = None
    capture_duration: int | None = None
    enabled: bool | None = None
    warn_evttypes: bool | None = None
    skip_if_unknown_filter: bool | None = None


_REPLACEABLE = (
    "condition", "output", "desc", "tags", "exceptions", "priority", "capture", "capture_duration", "enabled",
    "warn_evttypes", "skip_if_unknown_filter",
)  # fmt: skip


class Collector:
    """Holds the definitions, applies changes to them. `field_test` gives a source's test of fields, or None."""

    def __init__(self, field_test: Callable[[str], FieldTest | None]) -> None:
        self.lists: dict[str, ListInfo] = {}
        self.macros: dict[str, MacroInfo] = {}
        self.rules: dict[str, RuleInfo] = {}
        self.engine_version: Version | None = None
        self.plugin_versions: list[list[tuple[str, str]]] = []
        self._field_test = field_test
        self._next = 0

    def need_engine(self, version: Version) -> None:
        """Remember the highest engine version that was asked for."""
        if self.engine_version is None or version > self.engine_version:
            self.engine_version = version

    def define_list(self, info: ListInfo) -> None:
        """Add a list, or replace it in its old place."""
        known = self.lists.get(info.name)
        info.visibility = self._count()
        info.index = known.index if known else info.visibility
        self.lists[info.name] = info

    def append_list(self, info: ListInfo) -> None:
        """Add items to an earlier list."""
        known = self.lists.get(info.name)
        if known is None:
            raise LoadError(VALIDATE, _NO_LIST, info.context)
        known.items += info.items
        known.visibility = self._count()

    def define_macro(self, info: MacroInfo) -> None:
        """Add a macro, or replace it in its old place."""
        known = self.macros.get(info.name)
        info.visibility = self._count()
        info.index = known.index if known else info.visibility
        self.macros[info.name] = info

    def append_macro(self, info: MacroInfo) -> None:
        """Add text to the condition of an earlier macro, as text: what `or` then binds to is the author's care."""
        known = self.macros.get(info.name)
        if known is None:
            raise LoadError(VALIDATE, _NO_MACRO, info.context)
        known.condition += " " + info.condition
        known.visibility = self._count()

    def define_rule(self, info: RuleInfo, warnings: list[Problem]) -> None:
        """Add a rule, or replace it in its old place; its exceptions are checked and completed."""
        known = self._earlier(info.name, info.source, info.context)
        test = self._field_test(info.source)
        if test is None:
            info.known_source = False
            warnings.append(Problem("LOAD_UNKNOWN_SOURCE", f"Unknown source {info.source}, skipping", info.context))
        for one in info.exceptions:
            if not one.fields:
                message = "Rule exception item must have fields property with a list of fields"
                raise LoadError(VALIDATE, message, one.context)
            validate_exception(one, test)
        info.visibility = self._count()
        info.index = known.index if known else info.visibility
        self.rules[info.name] = info

    def append_rule(self, update: RuleUpdate) -> None:
        """Add to an earlier rule: texts after one blank, tags as a set, exceptions by their names."""
        rule = self._earlier(update.name, update.source, update.context)
        if rule is None:
            raise LoadError(VALIDATE, _NO_RULE_TO_APPEND, update.context)
        if all(getattr(update, key) is None for key in _REPLACEABLE):
            raise LoadError(VALIDATE, "Appended rule must have exceptions or condition property", update.context)
        if update.condition:
            rule.condition += " " + update.condition
        if update.output:
            rule.output += " " + update.output
        if update.desc:
            rule.desc += " " + update.desc
        rule.tags += update.tags or []
        test = self._field_test(rule.source) if rule.known_source else None
        for one in update.exceptions or ():
            _append_exception(rule, one, test)
        rule.visibility = self._count()

    def replace_in_rule(self, update: RuleUpdate) -> None:
        """Put new values into an earlier rule, as they are: nothing is trimmed, exceptions are not checked."""
        rule = self._earlier(update.name, update.source, update.context)
        if rule is None:
            raise LoadError(VALIDATE, _NO_RULE_TO_REPLACE, update.context)
        if update.exceptions is not None:
            keep_replaced_comps(update.exceptions, rule.exceptions)
        for key in _REPLACEABLE:
            value = getattr(update, key)
            if value is not None:
                setattr(rule, key, value)
        rule.visibility = self._count()

    def enable_rule(self, name: str, enabled: bool, context: Context) -> None:
        """Switch an earlier rule on or off."""
        rule = self.rules.get(name)
        if rule is None:
            raise LoadError(VALIDATE, "Rule has 'enabled' key but no rule by that name already exists", context)
        rule.enabled = enabled

    def as_model(self) -> RuleSet:
        """All that is collected, without places."""
        return RuleSet(
            tuple(rule.as_model() for rule in self.rules.values()),
            tuple(Macro(macro.name, macro.condition) for macro in self.macros.values()),
            tuple(List(one.name, tuple(one.items)) for one in self.lists.values()),
            str(self.engine_version) if self.engine_version else None,
            tuple(_plugin_version(accepted) for accepted in self.plugin_versions),
        )

    def _earlier(self, name: str, source: str, context: Context) -> RuleInfo | None:
        known = self.rules.get(name)
        if known is not None and source and known.source != source:
            raise LoadError(VALIDATE, "Rule has been re-defined with a different source", context)
        return known

    def _count(self) -> int:
        self._next += 1
        return self._next - 1


def _append_exception(rule: RuleInfo, info: ExceptionInfo, test: FieldTest | None) -> None:
    known = next((other for other in rule.exceptions if other.name == info.name), None)
    if known is None:
        if not info.fields:
            raise LoadError(VALIDATE, "Rule exception must have fields property with a list of fields", info.context)
        if not info.values:
            raise LoadError(VALIDATE, "Rule exception must have values property with a list of values", info.context)
        validate_exception(info, test)
        rule.exceptions.append(info)
        return
    for part in ("fields", "comps"):
        if getattr(info, part):
            message = f"Can not append exception {part} to existing exception, only values"
            raise LoadError(VALIDATE, message, info.context)
    known.values += info.values


def _plugin_version(accepted: list[tuple[str, str]]) -> PluginVersion:
    (name, version), *others = accepted
    return PluginVersion(name, version, tuple(PluginVersion(*other) for other in others))
