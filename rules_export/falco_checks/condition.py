"""Falco's own verdict on a parsed condition: fields, operators, literals and transformers, first failure first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from rules_export.catalog.events import UNIVERSE
from rules_export.catalog.fields import CatalogError
from rules_export.catalog.operators import NETWORKS, check_operator, shown_type
from rules_export.catalog.values import parse_literal, wrong_type
from rules_export.errors import ConditionError
from rules_export.falco_checks import hints
from rules_export.falco_checks.event_types import MANY, EventTypesError, event_codes
from rules_export.falco_checks.operands import Checked, check_operand
from rules_export.falco_checks.patterns import check_event_type, check_regex
from rules_export.findings import Finding, Severity
from rules_export.language.ast import Compare, Exists, Identifier, Node, Value, ValueList
from rules_export.language.operators import split
from rules_export.language.parser import position
from rules_export.language.visitor import leaves
from rules_export.spans import Position, Span

Leaf = Compare | Exists | Identifier
MANY_EVENTS = "Rule matches too many evt.type values. This has a significant performance penalty."


@dataclass(frozen=True, slots=True)
class ConditionCheck:
    """What Falco makes of a condition that it accepts.

    event_mask: the event codes that it can match, one bit each. warnings: in Falco's order. deprecated: the names of
    the deprecated fields, one for each LOAD_DEPRECATED_ITEM among the warnings, in the same order.
    """

    event_mask: int
    warnings: tuple[Finding, ...]
    deprecated: tuple[str, ...] = ()

    @property
    def event_codes(self) -> frozenset[int]:
        """The codes of `event_mask` one by one."""
        return frozenset(code for code in range(self.event_mask.bit_length()) if self.event_mask >> code & 1)


def check_condition(
    node: Node,
    source: str = "syscall",
    plugins: str = "container",
    warn_evttypes: bool = True,
    text: str | None = None,
) -> ConditionCheck:
    """Check a condition whose macros are expanded, as rule of `source` with the plugin set `plugins`.

    `text` is what `node` was parsed from; without it positions carry the byte offset alone (line 1). Raises
    ConditionError for the first thing that Falco refuses, with the warnings that it would have given before.
    """
    return _Check(source, plugins, text).run(node, warn_evttypes)


def early_warnings(node: Node, text: str | None = None) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """The warnings that Falco gives before it compiles, and the deprecated fields that some of them speak of."""
    check = _Check("", "", text)
    unsafe = hints.unsafe_na(node)
    fields = hints.deprecated_fields(node)
    found = [] if unsafe is None else [check.warning("LOAD_UNSAFE_NA_CHECK", "", unsafe.p)]
    found += [check.warning("LOAD_DEPRECATED_ITEM", hints.DEPRECATED[field.name], field.p) for field in fields]
    return tuple(found), tuple(field.name for field in fields)


class _Check:
    """One run over one condition."""

    __slots__ = ("found", "plugins", "source", "text")

    def __init__(self, source: str, plugins: str, text: str | None) -> None:
        self.source = source
        self.plugins = plugins
        self.text = text
        self.found: list[Finding] = []

    def run(self, node: Node, warn_evttypes: bool) -> ConditionCheck:
        early, deprecated = early_warnings(node, self.text)
        current: Node = node
        try:
            for current in leaves(node):
                self.check(current)
            mask = event_codes(node) if self.source == "syscall" else UNIVERSE
        except CatalogError as error:
            self.refuse(error.message, current, early, fatal=error.fatal)
        except EventTypesError as error:
            self.refuse(str(error), node, early, fatal=True)
        if warn_evttypes and self.source == "syscall" and mask.bit_count() > MANY:
            self.found.append(self.warning("LOAD_NO_EVTTYPE", MANY_EVENTS, node.p))
        return ConditionCheck(mask, (*early, *self.found), deprecated)

    def refuse(self, message: str, node: Node, warnings: tuple[Finding, ...], *, fatal: bool) -> NoReturn:
        raise ConditionError(message, self.place(node.p), fatal=fatal, warnings=warnings, node=node)

    def place(self, offset: int) -> Position:
        return Position(offset, 1, offset + 1) if self.text is None else position(self.text, offset)

    def warning(self, code: str, message: str, offset: int) -> Finding:
        place = self.place(offset)
        return Finding(code, Severity.WARNING, message, span=Span(place, place))

    def check(self, node: Leaf) -> None:
        if isinstance(node, Identifier):
            raise CatalogError(f"filter error: unexpected identifier '{node.name}'")
        left = check_operand(node.left, self.source, self.plugins)
        if isinstance(node, Exists):
            return
        check_operator(left.type, left.is_list, node.op)
        if isinstance(node.right, Value | ValueList):
            self.literals(node, left)
        else:
            _compare_fields(node, left, check_operand(node.right, self.source, self.plugins))

    def literals(self, node: Compare, left: Checked) -> None:
        base = split(node.op)[0]
        for text in hints.literals(node):
            for message in hints.literal_hints(node.op, text, self.source, self.plugins):
                self.found.append(self.warning("LOAD_COMPILE_CONDITION", message, node.right.p))
            if left.name == "evt.rawarg" and left.type == "BYTEBUF" and base not in ("bcontains", "bstartswith"):
                raise wrong_type(left.type)
            parse_literal(left.type, text, base)
            if base == "regex":
                check_regex(text)
            if left.plain and left.name == "evt.type":
                check_event_type(text)
            elif left.plain and left.name == "evt.around" and base not in ("=", "=="):
                raise CatalogError("evt.around supports only '=' comparison operator")


def _compare_fields(node: Compare, left: Checked, right: Checked) -> None:
    """A field against a field: both must be of one kind, and neither may be of those that Falco cannot compare so."""
    if node.op in ("pmatch", "regex"):
        raise CatalogError(f"operator '{node.op.upper()}' doesn't support right-hand side fields")
    if left.type in NETWORKS:
        raise CatalogError("field type 'IPNET' doesn't support right-hand side fields")
    if not left.rhs_allowed:
        raise CatalogError(f"field '{left.name}' doesn't support right-hand side fields")
    if not right.rhs_allowed:
        raise CatalogError(f"field '{right.name}' can't be used as a right-hand side field")
    if (left.type, left.is_list) != (right.type, right.is_list):
        raise CatalogError(
            f"field '{left.name}' has type '{_kind(left)}' while the right-hand side field '{right.name}' "
            f"has incompatible type '{_kind(right)}'"
        )


def _kind(operand: Checked) -> str:
    return shown_type(operand.type) + (" (list)" if operand.is_list else "")
