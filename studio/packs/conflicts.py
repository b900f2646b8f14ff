"""What is wrong with a selection of rules before it is released. Pure: values in, values out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules_export.catalog.macros import words
from rules_export.definitions.brought import disagreements
from rules_export.definitions.closure import texts_of, tree_of
from rules_export.language.ast import And, Node
from rules_export.language.printer import to_text
from rules_export.ruleset.model import List, Rule


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
    """Rules that lack something, rules of one name, definitions that disagree, rules that an earlier one shadows."""
    return (*_lacking(rules), *_twins(rules), *_disagreements(rules), *_collisions(rules), *_shadows(rules))


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


def _disagreements(rules: Sequence[Rule]) -> Iterator[Conflict]:
    """Macros and lists of the team's own that two rules were handed in with in different texts."""
    places = {rule.name: place for place, rule in enumerate(rules)}
    for one in disagreements(rules):
        yield Conflict("MEWS_DEFINITIONS_DIFFER", "error", one.later, one.message, places.get(one.later, -1))


def _collisions(rules: Sequence[Rule]) -> Iterator[Conflict]:
    """Falco puts a list's items in place of its name wherever that stands in a condition. A rule that was written
    without the list, and holds the word, would mean something else beside the rule that brings the list along."""
    owners = {one.name: rule for rule in reversed(rules) for one in rule.brings if isinstance(one, List)}
    if not owners:
        return
    for place, rule in enumerate(rules):
        own = {one.name for one in rule.brings}
        said = frozenset[str]().union(*map(words, texts_of(rule)))
        for name in sorted(said & owners.keys() - own):
            says = (
                f"It holds the word {name}, in whose place Falco would put the items of the list {name}, which "
                f"{owners[name].name} brings along. Put the word between quotes, or give the list another name."
            )
            yield Conflict("MEWS_LIST_COLLISION", "error", rule.name, says, place)


def _shadows(rules: Sequence[Rule]) -> Iterator[Conflict]:
    """By default Falco fires the first rule that matches an event, so what an earlier rule matches a later never sees.

    Told where the later condition holds all clauses of the earlier one, and the earlier has no exception. Earlier
    rules are looked up by their rarest clause, so that many rules cost little more than each by itself.
    """
    clauses = [_clauses(rule) for rule in rules]
    usual = Counter(clause for found in clauses for clause in found)
    by_clause: dict[str, list[int]] = defaultdict(list)
    for place, later in enumerate(rules):
        candidates = sorted(before for clause in clauses[place] for before in by_clause.get(clause, ()))
        before = next(
            (one for one in candidates if clauses[one] <= clauses[place] and rules[one].source == later.source), None
        )
        if before is not None:
            says = (
                f"{rules[before].name} stands before it and matches every event that this rule matches: unless "
                "rule_matching is all, this rule never fires. Put it first."
            )
            yield Conflict("MEWS_SHADOWED", "warning", later.name, says, place)
        if clauses[place] and later.enabled and not later.exceptions:
            by_clause[min(clauses[place], key=lambda one: (usual[one], one))].append(place)


def _clauses(rule: Rule) -> frozenset[str]:
    tree = tree_of(rule.condition)
    if tree is None:
        return frozenset()
    parts: tuple[Node, ...] = tuple(tree.args) if isinstance(tree, And) else (tree,)
    return frozenset(to_text(part) for part in parts)
