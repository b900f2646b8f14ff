"""One file's items into the collector: what each item is, what its keys say, and what is wrong with them."""

from __future__ import annotations

import re

from rules_export.ruleset import decoding
from rules_export.ruleset.collector import Collector, ListInfo, MacroInfo, RuleInfo, RuleUpdate
from rules_export.ruleset.context import (
    ENGINE_VERSION,
    LIST,
    MACRO,
    MACRO_CONDITION,
    PLUGIN_VERSIONS,
    RULE,
    RULE_CONDITION,
    RULE_OUTPUT,
    RULE_PRIORITY,
    RULES_CONTENT_ITEM,
    Context,
    Problem,
)
from rules_export.ruleset.decoding import Fields, invalid
from rules_export.ruleset.exceptions import read_exceptions
from rules_export.ruleset.overrides import (
    APPENDABLE_IN_RULES,
    OVERRIDE_AND_APPEND,
    REPLACEABLE_IN_RULES,
    ExpectedKeys,
    Overrides,
    read_overrides,
)
from rules_export.ruleset.versions import read_engine_version, read_plugin_versions
from rules_export.yamlcpp.node import MAP, Node

_APPEND_DEPRECATED = (
    "'append' key is deprecated. Add an 'append' entry (e.g. 'condition: append') under 'override' instead."
)
_ENABLED_DEPRECATED = (
    "The standalone 'enabled' key usage is deprecated. The correct approach requires also a 'replace' entry under the "
    "'override' key (i.e. 'enabled: replace')."
)
_INVALID_LIST_NAME = "List has an invalid name. List names should match a regular expression: ([^()\"'[:space:]=,]+)"
_INVALID_MACRO_NAME = (
    "Macro has an invalid name. Macro names should match a regular expression: ([a-zA-Z]+[a-zA-Z0-9_]*)"
)
_LIST_NAME = re.compile(r"[^()\"' \t\n\v\f\r=,]+")
_MACRO_NAME = re.compile(r"[a-zA-Z]+[a-zA-Z0-9_]*")
_PRIORITIES = {
    "emergency", "alert", "critical", "error", "warning", "notice", "info", "informational", "debug",
}  # fmt: skip
_FULL_KEYS = ("condition", "output", "desc", "priority")

_ALLOWED = {
    "required_engine_version": {"required_engine_version"},
    "required_plugin_versions": {"required_plugin_versions"},
    "list": {"list", "items", "append", "override"},
    "macro": {"macro", "condition", "append", "override"},
    "rule": {
        "rule", "condition", "output", "desc", "priority", "source", "enabled", "capture", "capture_duration",
        "warn_evttypes", "skip-if-unknown-filter", "tags", "exceptions", "override", "append",
    },
}  # fmt: skip


class ItemReader:
    """Reads the items of one file; what is worth a warning goes to `warnings`, what is wrong is raised as LoadError."""

    def __init__(self, collector: Collector, parent: Context, warnings: list[Problem]) -> None:
        self.collector = collector
        self.parent = parent
        self.warnings = warnings

    def read(self, item: Node) -> None:
        """Read one element of a document's sequence."""
        if item.kind != MAP:
            raise invalid(
                "Unexpected element type. Each element should be a yaml associative array.",
                self.parent.child(RULES_CONTENT_ITEM, "", item.mark),
            )
        fields = item.by_key()
        kind = next((kind for kind in _ALLOWED if kind in fields), None)
        if kind is None:
            self._warn("LOAD_UNKNOWN_ITEM", "Unknown top level item", self._item(RULES_CONTENT_ITEM, "", item))
            return
        context = getattr(self, "_read_" + kind)(fields, item)
        self._warn_unknown_keys(item, _ALLOWED[kind], context)

    def _item(self, item_type: str, name: str, item: Node) -> Context:
        return self.parent.child(item_type, name, item.mark)

    def _warn(self, code: str, message: str, context: Context) -> None:
        self.warnings.append(Problem(code, message, context))

    def _warn_unknown_keys(self, item: Node, allowed: set[str], context: Context) -> None:
        for key, _ in item.pairs:
            name = key.as_text()
            if name not in allowed:
                self._warn("LOAD_UNKNOWN_KEY", f"Unknown key '{name}'. The key will be ignored.", context)

    def _append_flag(self, fields: Fields, context: Context) -> bool:
        append = decoding.optional_bool(fields, "append", context, False)
        if append:
            self._warn("LOAD_DEPRECATED_ITEM", _APPEND_DEPRECATED, context)
        return append

    def _read_required_engine_version(self, fields: Fields, item: Node) -> Context:
        self.collector.need_engine(read_engine_version(fields, item, self.parent))
        return self._item(ENGINE_VERSION, "", item)

    def _read_required_plugin_versions(self, fields: Fields, item: Node) -> Context:
        read_plugin_versions(fields, self.parent, self.collector.plugin_versions.append)
        return self._item(PLUGIN_VERSIONS, "", item)

    def _read_list(self, fields: Fields, item: Node) -> Context:
        name = decoding.required_text(fields, "list", self._item(LIST, "", item))
        context = self._item(LIST, name, item)
        if not _LIST_NAME.fullmatch(name):
            self._warn("LOAD_INVALID_LIST_NAME", _INVALID_LIST_NAME, context)
        info = ListInfo(name, decoding.texts(fields, "items", context), context)
        if self._appends(fields, item, "items", context):
            self.collector.append_list(info)
        else:
            self.collector.define_list(info)
        return context

    def _read_macro(self, fields: Fields, item: Node) -> Context:
        name = decoding.required_text(fields, "macro", self._item(MACRO, "", item))
        context = self._item(MACRO, name, item)
        if not _MACRO_NAME.fullmatch(name):
            self._warn("LOAD_INVALID_MACRO_NAME", _INVALID_MACRO_NAME, context)
        condition = decoding.required_text(fields, "condition", context)
        info = MacroInfo(name, condition, context, context.child(MACRO_CONDITION, "", fields["condition"].mark))
        if self._appends(fields, item, "condition", context):
            self.collector.append_macro(info)
        else:
            self.collector.define_macro(info)
        return context

    def _appends(self, fields: Fields, item: Node, body: str, context: Context) -> bool:
        """Whether a list or a macro is added to an earlier one, in the old way or by override."""
        append = self._append_flag(fields, context)
        overrides = read_overrides(fields, item, (body,), (body,), context)
        if append and (overrides.append or overrides.replace):
            raise invalid(OVERRIDE_AND_APPEND, context)
        return append or bool(overrides.append)

    def _read_rule(self, fields: Fields, item: Node) -> Context:
        name = decoding.required_text(fields, "rule", self._item(RULE, "", item))
        context = self._item(RULE, name, item)
        source = decoding.text_if_stated(fields, "source", context)
        append = self._append_flag(fields, context)
        overrides = read_overrides(fields, item, APPENDABLE_IN_RULES, REPLACEABLE_IN_RULES, context)
        if overrides.append or overrides.replace:
            if append:
                raise invalid(OVERRIDE_AND_APPEND, context)
            self._override_rule(fields, RuleUpdate(name, context), source, overrides)
        elif append:
            self._append_rule(fields, RuleUpdate(name, context, source))
        elif any(key in fields for key in _FULL_KEYS):
            self._define_rule(fields, name, context)
        else:
            enabled = decoding.required_bool(fields, "enabled", context)
            self._warn("LOAD_DEPRECATED_ITEM", _ENABLED_DEPRECATED, context)
            self.collector.enable_rule(name, enabled, context)
        return context

    def _define_rule(self, fields: Fields, name: str, context: Context) -> None:
        info = RuleInfo(name, "syscall", context)
        info.condition = decoding.required_text(fields, "condition", context)
        info.condition_context = context.child(RULE_CONDITION, "", fields["condition"].mark)
        info.output = decoding.required_text(fields, "output", context).strip(" \t\n\v\f\r")
        info.output_context = context.child(RULE_OUTPUT, "", fields["output"].mark)
        info.desc = decoding.required_text(fields, "desc", context)
        info.priority = _priority(fields, context)
        info.source = decoding.optional_text(fields, "source", context, info.source)
        info.enabled = decoding.optional_bool(fields, "enabled", context, True)
        info.capture = decoding.optional_bool(fields, "capture", context, False)
        info.capture_duration = decoding.optional_unsigned(fields, "capture_duration", context, 0)
        info.warn_evttypes = decoding.optional_bool(fields, "warn_evttypes", context, True)
        info.skip_if_unknown_filter = decoding.optional_bool(fields, "skip-if-unknown-filter", context, False)
        info.tags = decoding.texts(fields, "tags", context) if "tags" in fields else []
        info.exceptions = read_exceptions(fields, context, False, self.warnings)
        self.collector.define_rule(info, self.warnings)

    def _append_rule(self, fields: Fields, update: RuleUpdate) -> None:
        if "condition" in fields:
            update.changes["condition"] = decoding.required_text(fields, "condition", update.context)
        if "exceptions" in fields:
            update.changes["exceptions"] = read_exceptions(fields, update.context, True, self.warnings)
        self.collector.append_rule(update)

    def _override_rule(self, fields: Fields, update: RuleUpdate, source: str, overrides: Overrides) -> None:
        expected = ExpectedKeys(fields, update.context)
        if overrides.append:
            self._fill(fields, update, source, overrides.append, "append", expected)
            self.collector.append_rule(update)
        if overrides.replace:
            update = RuleUpdate(update.name, update.context)
            self._fill(fields, update, source, overrides.replace, "replace", expected)
            self.collector.replace_in_rule(update)
        expected.check_none_left()

    def _fill(
        self,
        fields: Fields,
        update: RuleUpdate,
        source: str,
        keys: frozenset[str],
        operation: str,
        expected: ExpectedKeys,
    ) -> None:
        """Decode the overridden keys in Falco's order."""
        for key in REPLACEABLE_IN_RULES:
            if key not in keys:
                continue
            expected.take(key, operation)
            if key == "condition":
                update.source = source
            value = self._decoded(fields, key, update.context, operation == "append")
            update.changes[key.replace("-", "_")] = value

    def _decoded(self, fields: Fields, key: str, context: Context, appending: bool) -> object:
        if key == "exceptions":
            return read_exceptions(fields, context, appending, self.warnings)
        if key == "tags":
            return decoding.texts(fields, "tags", context)
        if key == "priority":
            return _priority(fields, context)
        if key == "capture_duration":
            return decoding.required_unsigned(fields, key, context)
        if key in ("condition", "output", "desc"):
            return decoding.required_text(fields, key, context)
        return decoding.required_bool(fields, key, context)


def _priority(fields: Fields, context: Context) -> str:
    priority = decoding.required_text(fields, "priority", context)
    if priority.lower() not in _PRIORITIES:
        raise invalid("Invalid priority", context.child(RULE_PRIORITY, "", fields["priority"].mark))
    return priority
