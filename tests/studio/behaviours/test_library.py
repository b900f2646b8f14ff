"""The library keeps its promises: every clause is valid, fires on its attack events and stays silent otherwise."""

from __future__ import annotations

from itertools import combinations

from rules_export.catalog import versions
from rules_export.evaluation import synthesise
from rules_export.language.ast import And, Node, Not, Or
from rules_export.language.layout import pretty
from rules_export.language.parser import parse
from rules_export.language.printer import to_text
from rules_export.lints.context import LintContext, Subject
from rules_export.lints.registry import lints
from rules_export.lints.runner import studio_checks
from rules_export.ruleset.model import Rule
from studio.behaviours import conditions, known, proof, queries


def test_every_behaviour_proves_what_it_says() -> None:
    """Clauses load, fire on attacks, stay silent on the rest and on ordinary life; exceptions silence look-alikes."""
    wrong = [(behaviour.id, complaint) for behaviour in queries.all() for complaint in proof.of_behaviour(behaviour)]
    assert wrong == []


def test_every_clause_is_fit_for_its_lowest_falco() -> None:
    """The engine's check against a target has nothing to say of it there, and does of the release before."""
    releases = [release.falco for release in versions.RELEASES]
    later = 0
    for behaviour in queries.all():
        target = versions.release(behaviour.lowest_engine).falco
        rule = Rule(behaviour.id, conditions.condition(behaviour), "x", "x", "ERROR")
        assert too_old(rule, target) == [], behaviour.id
        if place := releases.index(target):
            later += 1
            assert too_old(rule, releases[place - 1]) != [], behaviour.id
    assert later > 50


def too_old(rule: Rule, target: str) -> list[str]:
    """What the release is too old for, but for what holds of every rule: that it also runs when a call begins."""
    subject = Subject(rule, LintContext(target=target))
    remarks = [remark for lint in lints() if lint.code.startswith("MEWS_RELEASE_") for remark in lint.run(subject)]
    return [remark.message for remark in remarks if "when a system call begins" not in remark.message]


#: The rule of root, or of a program that has no business there: meant so.
MEANT = {("t1563-001-ssh-agent-hijack", "as-root", "MEWS_OR_NEGATION")}


def test_its_clauses_keep_to_the_advice_that_is_given_for_conditions() -> None:
    """As the wizard lays them out, every variant; what description, output and tags should say is the author's."""
    context = LintContext.of_library()
    found = set()
    for behaviour in queries.all():
        for variant in (None, *(one.id for one in behaviour.variants)):
            condition = pretty(parse(behaviour.clause(variant=variant)))
            rule = Rule("A rule", condition, "It happened | by=%proc.cmdline file=%fd.name", "", "ERROR")
            findings = [one for one in studio_checks(rule, context) if one.place == "condition"]
            found |= {(behaviour.id, variant, one.code) for one in findings}
    assert found == MEANT


def test_its_exceptions_are_not_broad_but_for_root_in_t1490() -> None:
    """The article behind these nine excepts root: it is offered there, and the wizard says how much it silences."""
    for behaviour in queries.all():
        for look in behaviour.look_alikes:
            if look.exception and look.exception.fields == ("user.name",) and "root" in look.exception.values[0]:
                assert behaviour.primary_technique == "T1490", behaviour.id


def test_it_says_which_event_types_the_clause_sees() -> None:
    for behaviour in queries.all():
        assert behaviour.event_types, behaviour.id
        assert behaviour.lowest_engine.startswith("0."), behaviour.id


def test_it_has_trees_that_read_back_from_their_text() -> None:
    for behaviour in queries.all():
        assert parse(conditions.condition(behaviour)) == conditions.tree(behaviour)


def ways(tree: Node) -> list[Node]:
    """The ways in which a clause is true that are more than another value: the parts of its longest `or` of parts."""
    if isinstance(tree, Or):
        return list(tree.args)
    parts = tree.args if isinstance(tree, And) else ()
    choices = [one for one in parts if isinstance(one, Or) and any(isinstance(way, And) for way in one.args)]
    if not choices:
        return [tree]
    longest = max(choices, key=lambda one: len(one.args))
    return [And((*(one for one in parts if one is not longest), way)) for way in longest.args]


def test_an_attack_event_proves_each_way_of_a_clause() -> None:
    unproved = [
        (behaviour.id, to_text(way))
        for behaviour in queries.all()
        for way in ways(conditions.tree(behaviour))
        if not any(conditions.matcher(way).matches(event.fields) for event in behaviour.attack_events)
    ]
    assert unproved == []


def test_variants_are_as_narrow_and_as_wide_as_they_say() -> None:
    """No event can be made up that a narrower one sees and the clause does not, or the clause and a wider one not."""
    found = []
    for behaviour in queries.all():
        clause = conditions.tree(behaviour)
        for variant in behaviour.variants:
            other = conditions.tree(behaviour, variant=variant.id)
            small, large = (clause, other) if variant.kind == "wider" else (other, clause)
            event = synthesise(And((small, Not(large))))
            # A parent is an ancestor too, which an event made up field by field does not know.
            if event is not None and not {"proc.pname", "proc.aname"} <= set(event):
                found.append((behaviour.id, variant.id, event))
    assert found == []


def test_no_two_behaviours_are_one() -> None:
    """Of any two at least one has an attack event that the other's clause does not see."""
    every = queries.all()
    events = [(number, event) for number, one in enumerate(every) for event in one.attack_events]
    seen = [frozenset(numbers) for numbers in known.firings([event for _, event in events])]
    own = [frozenset(at for at, (number, _) in enumerate(events) if number == which) for which in range(len(every))]
    doubles = [
        (every[one].id, every[other].id)
        for one, other in combinations(range(len(every)), 2)
        if own[one] <= seen[other] and own[other] <= seen[one]
    ]
    assert doubles == []
