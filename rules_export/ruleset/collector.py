"""What has been read so far, over all files of a load: lists, macros and rules in order of their first definition.

Each has an `index`, its place of first definition, and a `visibility`, its place of last change: a macro sees the
macros whose index is below its visibility.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rules_export.ruleset.context import VALIDATE, Context, LoadError, Problem
from rules_export.ruleset.exceptions import ExceptionInfo, FieldTest, keep_replaced_comps, validate_exception
from rules_export.ruleset.versions import Version

if TYPE_CHECKING:  # a verdict alone starts faster without the model
    from rules_export.ruleset.model import PluginVersion, Rule, RuleSet

_NO_LIST = "List uses 'append' or 'override.items: append' but no list by that name already exists"
_NO_MACRO = "Macro uses 'append' or 'override.condition: append' but no macro by that name already exists"
_NO_RULE_TO_APPEND = "Rule uses 'append' or 'override.<key>: append' but no rule by that name already exists"
_NO_RULE_TO_REPLACE = "An 'override.<key>: replace' to a rule was requested but no rule by that name already exists"


class ListInfo:
    """A list as collected."""

    __slots__ = ("context", "index", "items", "name", "visibility")

    def __init__(self, name: str, items: list[str], context: Context, index: int = 0, visibility: int = 0) -> None:
        self.name = name
        self.items = items
        self.context = context
        self.index = index
        self.visibility = visibility


class MacroInfo:
    """A macro as collected."""

    __slots__ = ("condition", "condition_context", "context", "index", "name", "visibility")

    def __init__(
        self,
        name: str,
        condition: str,
        context: Context,
        condition_context: Context,
        index: int = 0,
        visibility: int = 0,
    ) -> None:
        self.name = name
        self.condition = condition
        self.context = context
        self.condition_context = condition_context
        self.index = index
        self.visibility = visibility


class RuleInfo:
    """A rule as collected. `known_source` False: nothing provides its events, and it is never compiled."""

    __slots__ = (
        "capture", "capture_duration", "condition", "condition_context", "context", "desc", "enabled", "exceptions",
        "index", "known_source", "name", "output", "output_context", "priority", "skip_if_unknown_filter", "source",
        "tags", "visibility", "warn_evttypes",
    )  # fmt: skip

    def __init__(self, name: str, source: str, context: Context) -> None:
        self.name = name
        self.source = source
        self.context = self.condition_context = self.output_context = context
        self.condition = self.output = self.desc = self.priority = ""
        self.enabled = self.warn_evttypes = self.known_source = True
        self.capture = self.skip_if_unknown_filter = False
        self.capture_duration = self.index = self.visibility = 0
        self.tags: list[str] = []
        self.exceptions: list[ExceptionInfo] = []

    def as_model(self) -> Rule:
        """The rule as it stands now."""
        from rules_export.ruleset.model import Rule

        return Rule(
            self.name, self.condition, self.output, self.desc, self.priority, tuple(dict.fromkeys(self.tags)),
            self.source, self.enabled, tuple(one.as_model() for one in self.exceptions), self.warn_evttypes,
            self.skip_if_unknown_filter, self.capture, self.capture_duration,
        )  # fmt: skip


class RuleUpdate:
    """Changes to an earlier rule: those parts that `changes` names by a RuleInfo's attribute. "" is no source."""

    __slots__ = ("changes", "context", "name", "source")

    def __init__(self, name: str, context: Context, source: str = "") -> None:
        self.name = name
        self.context = context
        self.source = source
        self.changes: dict[str, Any] = {}


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
        changes = update.changes
        if not changes:
            raise LoadError(VALIDATE, "Appended rule must have exceptions or condition property", update.context)
        for key in ("condition", "output", "desc"):
            if key in changes:
                setattr(rule, key, f"{getattr(rule, key)} {changes[key]}")
        rule.tags += changes.get("tags", ())
        test = self._field_test(rule.source) if rule.known_source else None
        for one in changes.get("exceptions", ()):
            _append_exception(rule, one, test)
        rule.visibility = self._count()

    def replace_in_rule(self, update: RuleUpdate) -> None:
        """Put new values into an earlier rule, as they are: nothing is trimmed, exceptions are not checked."""
        rule = self._earlier(update.name, update.source, update.context)
        if rule is None:
            raise LoadError(VALIDATE, _NO_RULE_TO_REPLACE, update.context)
        keep_replaced_comps(update.changes.get("exceptions", ()), rule.exceptions)
        for key, value in update.changes.items():
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
        from rules_export.ruleset.model import List, Macro, RuleSet

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
    from rules_export.ruleset.model import PluginVersion

    (name, version), *others = accepted
    return PluginVersion(name, version, tuple(PluginVersion(*other) for other in others))
