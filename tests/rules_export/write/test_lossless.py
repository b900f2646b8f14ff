"""Whatever Falco can read of a rules file, it reads again from the file that we write of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules_export.language.parser import parse
from rules_export.ruleset.collector import ListInfo
from rules_export.ruleset.context import SourceFile, file_context
from rules_export.ruleset.lists import ListTable
from rules_export.ruleset.model import Item, List, Macro, Rule, RuleException, RuleSet
from rules_export.verdict.loading import load_ruleset
from rules_export.write.rule_yaml import to_yaml
from tests.generators import exceptions, rule_sets, rules, texts

PLAIN = Rule("R", "proc.name = sh", "x", "d", "ERROR")
SLOW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def reread(*items: Item) -> RuleSet:
    """What Falco reads of the file that we write."""
    return load_ruleset([("rules.yaml", to_yaml(items))])[0]


def squeezed(text: str) -> str:
    """A condition without what its layout may change."""
    return "".join(char for char in text if char not in " \t\r\n()")


def substituted(condition: str, lists: tuple[List, ...]) -> object:
    """The tree that Falco makes of a condition once lists are in place of their names."""
    top = file_context(SourceFile("", ""))
    infos = [ListInfo(one.name, list(one.items), top, place, place) for place, one in enumerate(lists)]
    return parse(ListTable(infos).substitute(condition))


@SLOW
@given(rule_sets())
def test_a_rule_set_reads_back_as_it_was(found: RuleSet) -> None:
    again = reread(*found.lists, *found.macros, *found.rules)
    assert again.lists == found.lists
    assert [one.name for one in again.macros] == [one.name for one in found.macros]
    pairs: list[tuple[Macro | Rule, Macro | Rule]] = [
        *zip(found.macros, again.macros, strict=True),
        *zip(found.rules, again.rules, strict=True),
    ]
    for was, now in pairs:
        assert replace(now, condition=was.condition) == was
        assert squeezed(now.condition) == squeezed(was.condition)
        assert substituted(now.condition, found.lists) == substituted(was.condition, found.lists)


@SLOW
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])) | texts, max_size=6), texts)
def test_lists_of_any_items_read_back(items: list[str], name: str) -> None:
    assert reread(List(name, tuple(items))).lists == (List(name, tuple(items)),)


@SLOW
@given(rules())
def test_a_rule_reads_back_as_it_was(rule: Rule) -> None:
    (again,) = reread(rule).rules
    assert replace(again, condition=rule.condition) == rule


@SLOW
@given(exceptions())
def test_an_exception_reads_back_as_it_was(exception: RuleException) -> None:
    rule = replace(PLAIN, exceptions=(exception,))
    assert reread(rule).rules == (rule,)


def test_a_list_of_a_hundred_thousand_items_reads_back() -> None:
    long = List("many", tuple(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}/32" for n in range(100_000)))
    assert reread(long).lists == (long,)


@pytest.mark.parametrize("condition", [
    'proc.name = "shells" and ' + " and ".join(f"proc.pname != parent_{n}" for n in range(12)),
    "proc.name in ('shells', x)",
    "proc.name in (\"shells\", x) or " + " or ".join(f"(proc.name = x{n} and fd.num = {n})" for n in range(9)) + "\n",
])  # fmt: skip
def test_a_word_between_quotes_stays_between_quotes(condition: str) -> None:
    shells = List("shells", ("sh", "bash"))
    (again,) = reread(shells, replace(PLAIN, condition=condition)).rules
    assert substituted(again.condition, (shells,)) == substituted(condition, (shells,))
    assert squeezed(again.condition) == squeezed(condition)


def test_a_text_with_one_line_end_is_written_as_a_folded_block() -> None:
    rule = replace(PLAIN, desc="Says what it detects.\n", condition="proc.name = sh\n")
    assert "  desc: >\n    Says what it detects.\n  condition: >\n    proc.name = sh\n" in to_yaml([rule])
    assert reread(rule).rules == (rule,)


def test_a_macro_keeps_its_words() -> None:
    macro = Macro("m", "proc.name in (sh) and (proc.pname = bash)\n")
    assert reread(macro).macros == (macro,)
