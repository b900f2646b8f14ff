"""What rules mean once Falco has put all their macros, lists and exceptions in: the form in which two files compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rules_export.errors import EngineError
from rules_export.language.ast import Node
from rules_export.language.printer import to_text
from rules_export.ruleset.collector import ListInfo, MacroInfo
from rules_export.ruleset.context import LoadError, SourceFile, file_context
from rules_export.ruleset.exceptions import ExceptionInfo, expand_exceptions
from rules_export.ruleset.lists import ListTable
from rules_export.ruleset.model import List, Macro, Rule
from rules_export.ruleset.resolver import MacroTable, Memory, ParsedMacro, UnresolvedError
from rules_export.ruleset.settling import dependencies_first
from rules_export.verdict.loading import Load
from rules_export.verdict.settled import add_files

_NOWHERE = file_context(SourceFile("", ""))

#: Names and contents of rules files, in the order of loading.
Files: TypeAlias = Sequence[tuple[str, str | bytes]]

#: The parts of a rule that are compared as they are written; condition and exceptions are compared expanded.
FIELDS = (
    "name", "desc", "output", "source", "enabled", "warn_evttypes", "skip_if_unknown_filter", "capture",
    "capture_duration",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule that is not the same in two files: `part` is a field of Rule, or missing, added or order."""

    rule: str
    part: str
    before: str = ""
    after: str = ""

    @property
    def message(self) -> str:
        """The sentence for a person."""
        if self.part == "missing":
            return f"{self.rule}: the rule is missing."
        if self.part == "added":
            return f"{self.rule}: the rule was not in the original."
        if self.part == "order":
            return f"{self.rule}: the rule is at position {self.after}, not {self.before}."
        return f"{self.rule}: {self.part} was {self.before!r} and is {self.after!r}."


class Expander:
    """Expands conditions with these macros and lists, as if each was defined behind those that it names.

    memory: shared between expanders, so that equal texts give the same tree object.
    """

    def __init__(self, macros: Iterable[Macro], lists: Iterable[List], memory: Memory | None = None) -> None:
        self._memory = memory or Memory()
        self._texts: dict[str, str] = {}
        self._lists = ListTable(dependencies_first(ListInfo(one.name, list(one.items), _NOWHERE) for one in lists))
        self._macros = MacroTable()
        every_macro = list(macros)
        for number, macro in enumerate(every_macro):
            info = MacroInfo(macro.name, macro.condition, _NOWHERE, _NOWHERE, number, len(every_macro))
            try:
                self._macros.add(ParsedMacro(info, self._lists.substitute(macro.condition), self._memory))
            except EngineError:
                continue  # it is said where a rule names it
        for name in list(self._macros.macros):
            try:
                self._macros.resolve_macro(name, self._memory)
            except (UnresolvedError, EngineError):
                del self._macros.macros[name]

    @classmethod
    def of_load(cls, load: Load) -> Expander:
        """The expander of a finished load, with the tables that Falco's compilation made."""
        expander = cls((), (), load.memory)
        if load.compilation is not None:
            expander._lists, expander._macros = load.compilation.lists, load.compilation.macros
        return expander

    def tree(self, condition: str) -> Node | None:
        """A condition with everything put in; None where Falco refuses it."""
        try:
            return self._macros.resolve(self._lists.substitute(condition), self._memory)[1]
        except (UnresolvedError, EngineError):
            return None

    def rule(self, rule: Rule) -> Node | None:
        """A rule's condition with its exceptions and everything else put in; None where Falco refuses it."""
        infos = [ExceptionInfo(one.name, one.fields, one.comps, list(one.values), _NOWHERE) for one in rule.exceptions]
        try:
            return self.tree(expand_exceptions(rule.condition, infos))
        except (LoadError, EngineError):
            return None

    def macro(self, name: str) -> str:
        """A macro's meaning as text; equal texts mean the same."""
        if name not in self._texts:
            macro = self._macros.macros.get(name)
            self._texts[name] = to_text(macro.tree) if macro is not None else f"?{name}"
        return self._texts[name]

    def list(self, name: str) -> str:
        """What Falco puts in the place of a list's name."""
        return " ".join(self._lists.substitute(f"({name})").split())


def same(one: Node | None, other: Node | None) -> bool:
    """Whether two expanded conditions are the same tree."""
    if one is other:
        return one is not None
    return one is not None and other is not None and to_text(one) == to_text(other)


def differences(
    before: Sequence[tuple[str, str | bytes]], after: Sequence[tuple[str, str | bytes]]
) -> list[Difference]:
    """Every rule of the files `before` that does not mean the same in `after`, all macros and lists put in.

    Compared are the trees of condition and exceptions, all other fields as Falco takes them, and the order of the
    rules. Both are loaded as Falco loads them; plugins: all that the engine knows.
    """
    loads = [_loaded(before), _loaded(after)]
    rules = [{rule.name: rule for rule in load.collector.as_model().rules} for load in loads]
    expanders = [Expander.of_load(load) for load in loads]
    found = [Difference(name, "missing") for name in rules[0] if name not in rules[1]]
    found += [Difference(name, "added") for name in rules[1] if name not in rules[0]]
    for name, old in rules[0].items():
        if name in rules[1]:
            found += _rule_differences(old, rules[1][name], expanders)
    common = [[name for name in side if name in rules[1 - number]] for number, side in enumerate(rules)]
    places = {name: place for place, name in enumerate(common[1], 1)}
    found += [
        Difference(name, "order", str(place), str(places[name]))
        for place, name in enumerate(common[0], 1)
        if places[name] != place
    ]
    return found


def _loaded(files: Files) -> Load:
    load = Load("all")
    add_files(load, files)
    return load


def _rule_differences(old: Rule, new: Rule, expanders: Sequence[Expander]) -> Iterable[Difference]:
    trees = expanders[0].rule(old), expanders[1].rule(new)
    if trees == (None, None):
        if (old.condition.split(), old.exceptions) != (new.condition.split(), new.exceptions):
            yield Difference(old.name, "condition", old.condition, new.condition)
    elif not same(*trees):
        shown = ["" if tree is None else to_text(tree) for tree in trees]
        yield Difference(old.name, "condition", *shown)
    for field in FIELDS:
        values = _field(old, field), _field(new, field)
        if values[0] != values[1]:
            yield Difference(old.name, field, str(values[0]), str(values[1]))
    if _priority(old) != _priority(new):
        yield Difference(old.name, "priority", old.priority, new.priority)
    if set(old.tags) != set(new.tags):
        yield Difference(old.name, "tags", ", ".join(old.tags), ", ".join(new.tags))


def _field(rule: Rule, field: str) -> object:
    value = getattr(rule, field)
    return value.strip(" \t\n\v\f\r") if field == "output" else value  # Falco trims it


def _priority(rule: Rule) -> str:
    upper = rule.priority.upper()
    return "INFORMATIONAL" if upper == "INFO" else upper
