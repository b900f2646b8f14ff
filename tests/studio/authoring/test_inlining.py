"""Definitions in place of their names: the rule that Falco runs is the same before and after."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from rules_export.catalog.macros import LISTS, MACROS
from rules_export.language.printer import to_text
from rules_export.ruleset.model import List, Macro, Rule, RuleException, RuleSet
from rules_export.verdict.compiling import trees
from rules_export.verdict.loading import Load, load_ruleset
from rules_export.write.rule_yaml import to_yaml
from studio.authoring.content import to_rule
from studio.authoring.inlining import inline
from studio.authoring.reading import content_of, read_rule
from studio.lab.compiled import ruleset
from tests.generators import rule_sets

SHARED = Path(os.environ.get("MEWS_SHARED", Path(__file__).parents[4] / "shared"))
UPSTREAM = SHARED / "upstream"


def expanded(found: RuleSet, plugins: str = "container") -> dict[str, str]:
    """What Falco runs for each rule of a rule set, as text; rules that it refuses are absent."""
    load = Load(plugins)
    load.add("rules.yaml", to_yaml([*found.lists, *found.macros, *found.rules]))
    assert load.compilation is not None
    return {name: to_text(tree) for name, tree in trees(load.compilation).items()}


def inlined(found: RuleSet) -> tuple[RuleSet, list[str]]:
    """The rules with their definitions in place, over the built-in ones alone; and the notes."""
    reads = [content_of(rule, found) for rule in found.rules]
    known = ruleset()
    rules = tuple(to_rule(read.content) for read in reads)
    return RuleSet(rules, known.macros, known.lists), [note for read in reads for note in read.notes]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rule_sets(max_rules=2))
def test_a_generated_rule_means_what_it_meant(found: RuleSet) -> None:
    before = expanded(found)
    now = expanded(inlined(found)[0])
    assert {name: now.get(name) for name in before} == before


QUOTED = RuleSet(
    macros=(Macro("etckeeper", "proc.aname = etckeeper or proc.pname in (updaters)"),),
    lists=(
        List("networks", ('"10.0.0.0/8"', "'192.168.0.0/16'")),
        List("updaters", ('"75-system-updat"', "two words")),
    ),
)


@pytest.mark.parametrize(
    ("condition", "after"),
    [
        ("fd.snet in (networks)", "fd.snet in (10.0.0.0/8, 192.168.0.0/16)"),
        ("fd.snet in (networks, 127.0.0.1/8)", "fd.snet in (10.0.0.0/8, 192.168.0.0/16, 127.0.0.1/8)"),
        ("proc.name = etckeeper and fd.name exists", "proc.name = etckeeper and fd.name exists"),
        ("proc.name in ('networks', x)", "proc.name in ('networks', x)"),
        (
            "not etckeeper and evt.type = open",
            'not (proc.aname = etckeeper or proc.pname in ("75-system-updat", "two words")) and evt.type = open',
        ),
    ],
)
def test_quotes_of_items_and_words_that_are_values_too(condition: str, after: str) -> None:
    found = inline(condition, (), QUOTED)
    assert not found.notes
    rule = Rule("R", condition, "x", "d", "ERROR")
    other = Rule("R", found.condition, "x", "d", "ERROR")
    expected = Rule("R", after, "x", "d", "ERROR")
    before = expanded(RuleSet((rule,), QUOTED.macros, QUOTED.lists))
    assert before == expanded(RuleSet((other,))) == expanded(RuleSet((expected,)))
    if condition == after:
        assert found.condition == condition


def test_a_value_of_an_exception_that_names_a_list_is_inlined() -> None:
    exceptions = (
        RuleException("one", "proc.name", "in", ("updaters", "sh")),
        RuleException("two", ("proc.name", "fd.name"), ("in", "="), (("updaters", "/x y"), (("sh", "updaters"), "a"))),
    )
    rule = Rule("R", "evt.type = open", "x", "d", "ERROR", exceptions=exceptions)
    found = RuleSet((rule,), QUOTED.macros, QUOTED.lists)
    after, notes = inlined(found)
    assert notes == ["updaters is inlined: only the pasted text defines it."]
    assert expanded(after) == expanded(found)
    assert after.rules[0].exceptions[0].values == ('"75-system-updat"', '"two words"', "sh")


def built_in() -> tuple[str, str]:
    """A built-in macro that names a built-in list."""
    return next((name, one.lists[0]) for name, one in MACROS.items() if one.lists and not LISTS[one.lists[0]].lists)


def test_an_equal_macro_keeps_its_name_only_above_equal_lists() -> None:
    name, below = built_in()
    macro = Macro(name, MACROS[name].condition + "\n")
    same = RuleSet(macros=(macro,), lists=(List(below, LISTS[below].items),))
    assert inline(f"{name} and proc.name = x", (), same).names == ()
    other = RuleSet(macros=(macro,), lists=(List(below, ("only_this",)),))
    after = inline(f"{name} and proc.name = x", (), other)
    assert after.names == (name, below)
    assert "only_this" in after.condition
    assert name not in after.condition
    alone = RuleSet(lists=(List(below, ("only_this",)),))
    assert inline(f"{name} and proc.name = x", (), alone).condition == after.condition


def test_what_grows_too_large_stays_with_a_note() -> None:
    bomb = [Macro("m0", "(proc.name = a)")] + [Macro(f"m{n}", f"(m{n - 1} or m{n - 1})") for n in range(1, 14)]
    found = inline("m13", (), RuleSet(macros=tuple(bomb)))
    assert (found.condition, found.names) == ("m13", ())
    assert "more than 5,000 parts" in found.notes[0]
    loop = RuleSet(macros=(Macro("a1", "b1"), Macro("b1", "a1")))
    assert inline("a1", (), loop).notes


def test_what_stays_with_its_name_is_said_on_the_page(signed_in) -> None:
    bomb = "- macro: m0\n  condition: (proc.name = a)\n" + "".join(
        f"- macro: m{n}\n  condition: (m{n - 1} or m{n - 1})\n" for n in range(1, 14)
    )
    text = bomb + "- rule: A\n  desc: d\n  condition: m13\n  output: o\n  priority: INFO\n"
    assert read_rule(text).content.condition == "m13"
    assert "Not inlined: m13" in signed_in.post("/drafts/new/yaml/", {"text": text}, follow=True).content.decode()


def official() -> list[tuple[str, RuleSet, str]]:
    if not UPSTREAM.is_dir():
        return []
    found = []
    for version in ("1.0.1", "2.0.0", "3.2.0", "5.0.0"):
        files = [(one.name, one.read_text(encoding="utf-8")) for one in sorted((UPSTREAM / version).glob("*.yaml"))]
        found.append((version, load_ruleset(files)[0], "container"))
    for path in sorted((UPSTREAM / "plugins").glob("*.yaml")):
        found.append((path.stem, load_ruleset([(path.name, path.read_text(encoding="utf-8"))], "all")[0], "all"))
    return found


@pytest.mark.skipif(not UPSTREAM.is_dir(), reason="the rules of the Falco project are not at hand")
def test_every_official_rule_means_what_it_meant() -> None:
    for name, found, plugins in official():
        before = expanded(found, plugins)
        after, notes = inlined(found)
        assert not [note for note in notes if note.startswith("Not inlined")], name
        now = expanded(after, plugins)
        assert len(before) == len(found.rules)
        assert {rule: now.get(rule) for rule in before} == before, name
