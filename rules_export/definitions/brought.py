"""The macros and lists that rules bring along, put together: one text for each name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules_export.definitions.closure import Definitions, same_condition
from rules_export.errors import EmitError
from rules_export.findings import Finding, Severity
from rules_export.ruleset.model import List, Macro, Rule


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A name that a later rule means otherwise than an earlier one. kind: macro or list."""

    kind: str
    name: str
    earlier: str
    later: str

    @property
    def message(self) -> str:
        """The sentence for a person."""
        return (
            f"The {self.kind} {self.name} says something else here than in {self.earlier}: a rules file can hold it "
            "only once. Hand in the rule with the older text again."
        )


def disagreements(rules: Iterable[Rule]) -> list[Disagreement]:
    """Every name that two rules of one rule set, or of the team's own, mean differently, once for each later rule.

    Rules of different rule sets may mean different things by a name (`naming.resolve_names`).
    """
    first: dict[tuple[str, str, str], tuple[str, Macro | List]] = {}
    found = []
    for rule in rules:
        for one in rule.brings:
            kind = "macro" if isinstance(one, Macro) else "list"
            earlier, known = first.setdefault((rule.rule_set, kind, one.name), (rule.name, one))
            if not _same(known, one):
                found.append(Disagreement(kind, one.name, earlier, rule.name))
    return found


def brought(rules: Iterable[Rule]) -> Definitions:
    """What the rules bring, in order of first appearance.

    Raises EmitError, with findings, where two mean different things by one name.
    """
    rules = tuple(rules)
    if found := disagreements(rules):
        findings = tuple(
            Finding("MEWS_DEFINITIONS_DIFFER", Severity.ERROR, one.message, "condition", one.later) for one in found
        )
        raise EmitError(f"{found[0].later}: {found[0].message}", findings)
    macros: dict[str, Macro] = {}
    lists: dict[str, List] = {}
    for one in (one for rule in rules for one in rule.brings):
        if isinstance(one, Macro):
            macros.setdefault(one.name, one)
        else:
            lists.setdefault(one.name, one)
    return Definitions(tuple(macros.values()), tuple(lists.values()))


def _same(one: Macro | List, other: Macro | List) -> bool:
    if isinstance(one, Macro) and isinstance(other, Macro):
        return same_condition(one.condition, other.condition)
    return one == other
