"""A rule made ready for the lints: its tree, the same with macros and lists put in, the event types it can match."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from rules_export.errors import ConditionSyntaxError
from rules_export.language.ast import And, Compare, Exists, Field, Identifier, Node, Not, Operand, Or, Value, ValueList
from rules_export.language.operators import LIST_OPERATORS, split
from rules_export.language.parser import parse
from rules_export.language.visitor import fields_used, fold, identifiers, transform, walk
from rules_export.ruleset.model import List, Macro, Rule

EVENT_FIELDS = ("evt.type", "syscall.type")


@dataclass(frozen=True)
class LintContext:
    """What the lints know beyond the rule.

    macros: conditions as trees, by name. lists: their items, by name. technique_tactics: T1490 → short names of its
    tactics; empty to leave ATT&CK unchecked. tactics: short names of all tactics; empty likewise. retired: techniques
    that ATT&CK retired, with the one that took their place, "" for none. target: the oldest release of Falco that has
    to load the rule (0.41), "" for the newest. all_system_calls: base_syscalls.all is set wherever the rule will run.
    finished: macros that have their macros and lists put in already.
    """

    macros: Mapping[str, Node] = field(default_factory=dict)
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    technique_tactics: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tactics: Sequence[str] = ()
    retired: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    all_system_calls: bool = False
    finished: Mapping[str, Node] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of_library(
        cls, technique_tactics: Mapping[str, Sequence[str]] | None = None, tactics: Sequence[str] = (), target: str = ""
    ) -> LintContext:
        """The studio's library of macros and lists."""
        from rules_export.catalog.macros import LISTS, MACROS

        macros = {name: parse(macro.condition) for name, macro in MACROS.items()}
        lists = {name: one.items for name, one in LISTS.items()}
        return cls(macros, lists, technique_tactics or {}, tactics, target=target)

    def bringing(self, items: Sequence[Macro | List]) -> LintContext:
        """The same with these macros and lists beside (and before) its own. A macro that does not parse is left out."""
        if not items:
            return self
        lists = {one.name: one.items for one in items if isinstance(one, List)}
        macros: dict[str, Node] = {}
        for one in items:
            if isinstance(one, Macro):
                try:
                    macros[one.name] = parse(one.condition)
                except ConditionSyntaxError:
                    continue
        known = self.macros.keys() | self.lists.keys()
        finished = self.whole_macros if known.isdisjoint({*macros, *lists}) else {}
        return replace(self, macros={**self.macros, **macros}, lists={**self.lists, **lists}, finished=finished)

    @cached_property
    def whole_macros(self) -> dict[str, Node]:
        """The macros with macros and lists put in; those that need themselves stay names there."""
        done = dict(self.finished)
        for name in self.macros:
            if name not in done:
                self._finish(name, done)
        return done

    @cached_property
    def macros_by_begin(self) -> dict[str, list[tuple[str, And | Or]]]:
        """The macros that are chains, by what their first member begins with (`beginning`), the longest first."""
        found: dict[str, list[tuple[str, And | Or]]] = {}
        for name, tree in self.macros.items():
            if isinstance(tree, And | Or):
                found.setdefault(beginning(tree.args[0]), []).append((name, tree))
        return {key: sorted(some, key=lambda one: -len(one[1].args)) for key, some in found.items()}

    def _finish(self, name: str, done: dict[str, Node]) -> None:
        waiting = [name]
        while waiting:
            name = waiting[-1]
            needed = [one for one in identifiers(self.macros[name]) if one in self.macros and one not in done]
            needed = [one for one in needed if one not in waiting]
            if needed and name not in done:
                waiting.extend(needed)
                continue
            waiting.pop()
            done.setdefault(name, self.whole(self.macros[name], done))

    def whole(self, node: Node, macros: Mapping[str, Node]) -> Node:
        """The tree with these (whole) macros and the lists put in."""

        def one(part: Node | Operand) -> Node | Operand:
            match part:
                case Identifier(name):
                    return macros.get(name, part)
                case Compare(left, op, Value(text)) if split(op)[0] in LIST_OPERATORS and text in self.lists:
                    return Compare(left, op, ValueList(self.items((text,))), part.p)
                case ValueList(items) if not self.lists.keys().isdisjoint(items):
                    return ValueList(self.items(items), part.p)
            return part

        return transform(node, one)

    def items(self, items: Sequence[str]) -> tuple[str, ...]:
        """The items with lists unfolded, two levels deep as Falco may do, without the quotes that items can carry."""
        for _ in range(2):
            items = [inner for item in items for inner in self.lists.get(item, (item,))]
        return tuple(item.strip("\"'") if len(item) > 1 else item for item in items)


class Subject:
    """A rule under the eyes of the lints.

    tree: its condition, None where it does not parse. whole: the same with macros and lists put in.
    """

    def __init__(self, rule: Rule, context: LintContext) -> None:
        self.rule = rule
        self.context = context
        try:
            self.tree: Node | None = parse(rule.condition)
        except ConditionSyntaxError:
            self.tree = None

    @cached_property
    def whole(self) -> Node | None:
        """The condition with macros and lists put in."""
        return self.of(self.tree) if self.tree is not None else None

    def of(self, node: Node) -> Node:
        """A part of the condition with macros and lists put in."""
        return self.context.whole(node, self.context.whole_macros)

    @cached_property
    def nodes(self) -> tuple[Node | Operand, ...]:
        """All nodes of the condition as written."""
        return tuple(walk(self.tree)) if self.tree is not None else ()

    @cached_property
    def whole_nodes(self) -> tuple[Node | Operand, ...]:
        """All nodes of the condition with macros and lists put in."""
        return tuple(walk(self.whole)) if self.whole is not None else ()

    @property
    def comparisons(self) -> Iterator[Compare]:
        """The comparisons of the condition as written."""
        return (node for node in self.nodes if isinstance(node, Compare))

    @cached_property
    def _behind_not(self) -> frozenset[int]:
        return frozenset(id(node.arg) for node in self.nodes if isinstance(node, Not))

    def is_negated(self, node: Node) -> bool:
        """Whether this very node of the condition as written stands right behind a `not`."""
        return id(node) in self._behind_not

    @cached_property
    def fields(self) -> frozenset[str]:
        """The names of all fields that the condition uses, also through macros."""
        return frozenset(used.name for used in fields_used(self.whole)) if self.whole is not None else frozenset()

    @cached_property
    def events(self) -> frozenset[str] | None:
        """The event types to which the condition restricts itself; None where it does not."""
        return events_of(self.whole) if self.whole is not None else None

    @cached_property
    def branches(self) -> tuple[tuple[Node, ...], ...]:
        """The alternatives of the condition as written, each as the clauses that it asks for together."""
        if self.tree is None:
            return ()
        alternatives = self.tree.args if isinstance(self.tree, Or) else (self.tree,)
        return tuple(one.args if isinstance(one, And) else (one,) for one in alternatives)


def literals(node: Compare) -> tuple[str, ...]:
    """The literals on a comparison's right."""
    if isinstance(node.right, Value):
        return (node.right.text,)
    return node.right.items if isinstance(node.right, ValueList) else ()


def is_event_check(node: object) -> bool:
    """Whether this compares the event's type."""
    return isinstance(node, Compare) and isinstance(node.left, Field) and node.left.name in EVENT_FIELDS


def events_of(node: Node) -> frozenset[str] | None:
    """The event types that a condition asks for; None where it asks for none, or only rules some out."""

    def build(node: Node, parts: list[frozenset[str] | None]) -> frozenset[str] | None:
        known = [part for part in parts if part is not None]
        match node:
            case Compare(_, "=" | "==" | "in") if is_event_check(node):
                return frozenset(literals(node))
            case Not(Compare(_, "!=") as check) if is_event_check(check):
                return frozenset(literals(check))
            case And():
                return frozenset.intersection(*known) if known else None
            case Or():
                return frozenset[str]().union(*known) if len(known) == len(parts) else None
        return None

    return fold(node, build, members)


def members(node: Node) -> tuple[Node, ...]:
    """The clauses of a chain of `and` or `or`; none for any other node."""
    return node.args if isinstance(node, And | Or) else ()


def field_of(node: Node) -> Field | None:
    """The plain field that a comparison or existence check looks at; None under a transformer."""
    return node.left if isinstance(node, Compare | Exists) and isinstance(node.left, Field) else None


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The clauses that all must hold for `node` to hold, left to right."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, And):
            waiting.extend(reversed(one.args))
        else:
            found.append(one)
    return tuple(found)


def beginning(node: Node) -> str:
    """The name of the field or macro that a clause begins with; "" where it has none."""
    match node:
        case Identifier(name) | Compare(Field(name)) | Exists(Field(name)):
            return name
    return ""


def negated(node: Node) -> Node:
    """The contrary."""
    return node.arg if isinstance(node, Not) else Not(node)


def inner(node: Node) -> Node:
    """What a negation negates; any other node itself."""
    return node.arg if isinstance(node, Not) else node


#: Literals behind `!=` or a negated `=` that rule out half of all events or more, as a plain question would.
_HALVES = frozenset({"true", "false", "host", "", "-1"})
_ORDERS = frozenset({"<", "<=", ">", ">="})


def rules_out(node: Node) -> bool:
    """Whether a clause holds for all but a few events: it is negative, and not one of two possible answers."""
    check = inner(node)
    if not isinstance(check, Compare):
        return isinstance(node, Not) and not isinstance(check, Exists)
    if isinstance(node, Not) is (check.op == "!=") or split(check.op)[0] in _ORDERS:
        return False
    return set(literals(check)).isdisjoint(_HALVES) and check.left != Field("proc.tty")
