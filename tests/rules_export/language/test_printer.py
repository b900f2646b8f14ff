"""The printer: whatever tree there is, its text reads back as the same tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from rules_export.language.ast import And, Compare, Exists, Field, Identifier, Not, Or, Transformer, Value, ValueList
from rules_export.language.layout import pretty
from rules_export.language.parser import parse
from rules_export.language.printer import to_text

from .trees import trees

A, B, C = Identifier("a"), Identifier("b"), Identifier("c")


@settings(max_examples=120, deadline=None)
@given(trees)
def test_it_prints_text_that_reads_back_as_the_same_tree(tree):
    assert parse(to_text(tree)) == tree


@settings(max_examples=120, deadline=None)
@given(trees)
def test_it_lays_out_text_that_reads_back_as_the_same_tree(tree):
    assert parse(pretty(tree, width=20)) == tree


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (And((A, Or((B, C)))), "a and (b or c)"),
        (Or((A, And((B, C)))), "a or b and c"),
        (Or((A, Or((B, C)))), "a or (b or c)"),
        (Not(And((A, B))), "not (a and b)"),
        (Not(Not(A)), "not (not a)"),
        (Not(Identifier("not")), "not (not)"),
        (Exists(Field("proc.aname", "2")), "proc.aname[2] exists"),
        (Exists(Field("proc.env", "a b")), 'proc.env["a b"] exists'),
        (Compare(Field("proc.name"), "=", Value("ssh d")), 'proc.name = "ssh d"'),
        (Compare(Field("proc.name"), "=", Value("")), 'proc.name = ""'),
        (Compare(Field("proc.name"), "=", Value("oneof")), 'proc.name = "oneof"'),
        (Compare(Field("proc.name"), "=", Value("\udcff")), 'proc.name = "\\xff"'),
        (Compare(Field("proc.name"), "in", ValueList(("a", "b,c"))), 'proc.name in (a, "b,c")'),
        (Compare(Field("proc.name"), "in", Value("shells")), "proc.name in shells"),
        (Compare(Field("proc.pid"), ">", Value("5")), "proc.pid > 5"),
        (Compare(Field("proc.name"), "contains anyof", ValueList(())), "proc.name contains anyof ()"),
        (
            Compare(Transformer("tolower", (Field("proc.name"),)), "=", Transformer("val", (Field("proc.pname"),))),
            "tolower(proc.name) = val(proc.pname)",
        ),
    ],
)
def test_it_writes_as_few_parentheses_and_quotes_as_it_can(tree, text):
    assert to_text(tree) == text
    assert parse(text) == tree


def test_it_lays_a_long_condition_out_as_authors_do():
    condition = (
        "spawned_process and proc.name in (systemctl, service, initctl, update-rc.d, chkconfig, rc-update) and "
        "(proc.args contains disable or proc.args contains mask and proc.args contains now) and not user_known_admin"
    )
    assert pretty(parse(condition), width=64) == (
        "spawned_process\n"
        "and proc.name in (\n"
        "  systemctl, service, initctl, update-rc.d, chkconfig,\n"
        "  rc-update\n"
        ")\n"
        "and (\n"
        "  proc.args contains disable\n"
        "  or (proc.args contains mask and proc.args contains now)\n"
        ")\n"
        "and not user_known_admin"
    )


def test_it_leaves_a_short_condition_on_one_line():
    assert pretty(parse("a   and b\n or c")) == "(a and b) or c"
    assert pretty(parse("x and (a and b or c and (d or e and f))")) == "x and ((a and b) or (c and (d or (e and f))))"
