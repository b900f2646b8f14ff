"""What is wrong with a selection of rules before it is released. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules_export.emit.closure import tree_of
from rules_export.language.ast import And, Node
from rules_export.language.printer import to_text
from rules_export.ruleset.model import Rule


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing. severity: error (no release with it) or warning. place: which of the rules, from 0."""

    code: str
    severity: str
    rule: str
    message: str
    place: int = -1


_NEEDED = (("name", "name"), ("desc", "description"), ("condition", "condition"), ("output", "output"))


def conflicts(rules: Sequence[Rule]) -> tuple[Conflict, ...]:
    """Rules that lack something, rules of one name, and rules that can never fire because an earlier one does."""
    return (*_lacking(rules), *_twins(rules), *_shadows(rules))


def _lacking(rules: Sequence[Rule]) -> Iterator[Conflict]:
    for place, rule in enumerate(rules):
        for part, word in _NEEDED:
            if not str(getattr(rule, part)).strip():
                name = rule.name or "Untitled rule"
                yield Conflict("MEWS_INCOMPLETE", "error", name, f"The rule has no {word} yet.", place)


def _twins(rules: Sequence[Rule]) -> Iterator[Conflict]:
    seen: set[str] = set()
    for place, rule in enumerate(rules):
        if rule.name and rule.name in seen:
            says = "Another rule of the pack has this name; Falco would load only the last."
            yield Conflict("MEWS_SAME_NAME", "error", rule.name, says, place)
        seen.add(rule.name)


def _shadows(rules: Sequence[Rule]) -> Iterator[Conflict]:
    """By default Falco fires the first rule that matches an event, so what an earlier rule matches a later never sees.

    Told where the later condition holds all clauses of the earlier one, and the earlier has no exception.
    """
    clauses = [_clauses(rule) for rule in rules]
    for place, later in enumerate(rules):
        for before in range(place):
            earlier = rules[before]
            if earlier.exceptions or not earlier.enabled or earlier.source != later.source:
                continue
            if clauses[before] and clauses[before] <= clauses[place]:
                says = (
                    f"{earlier.name} stands before it and matches every event that this rule matches: unless "
                    "rule_matching is all, this rule never fires. Put it first."
                )
                yield Conflict("MEWS_SHADOWED", "warning", later.name, says, place)
                break


def _clauses(rule: Rule) -> frozenset[str]:
    tree = tree_of(rule.condition)
    if tree is None:
        return frozenset()
    parts: tuple[Node, ...] = tuple(tree.args) if isinstance(tree, And) else (tree,)
    return frozenset(to_text(part) for part in parts)
