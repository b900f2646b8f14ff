"""A draft's content: its JSON, the rule that it stands for, exceptions as tables."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules_export.ruleset.model import PRIORITIES, RuleException
from studio.authoring.content import (
    ChosenBehaviour,
    ExceptionTable,
    RuleContent,
    from_json,
    split_list,
    to_exception,
    to_json,
    to_rule,
)

words = st.text(max_size=20)
tables = st.builds(
    ExceptionTable,
    name=words,
    fields=st.just(("user.name", "proc.name")),
    comps=st.just(("=", "in")),
    rows=st.lists(st.tuples(words, words), max_size=3).map(tuple),
)
contents = st.builds(
    RuleContent,
    techniques=st.lists(words, max_size=3).map(tuple),
    primary=words,
    behaviours=st.lists(
        st.builds(ChosenBehaviour, words, st.dictionaries(words, words, max_size=2), words), max_size=2
    ).map(tuple),
    condition=words,
    exceptions=st.lists(tables, max_size=2).map(tuple),
    output=words,
    name=words,
    desc=words,
    priority=st.sampled_from(PRIORITIES),
    enabled=st.booleans(),
    tags=st.lists(words, max_size=3).map(tuple),
    touched=st.frozensets(st.sampled_from(["name", "desc", "output", "tags"])),
)


@given(contents)
def test_it_comes_back_from_json_as_it_was(content):
    assert from_json(json.loads(json.dumps(to_json(content)))) == content


def test_it_reads_an_empty_object_as_an_empty_rule():
    assert from_json({}) == RuleContent()


def test_it_falls_back_to_warning_for_a_priority_that_falco_does_not_know():
    assert from_json({"priority": "urgent"}).priority == "WARNING"


JOBS = ("user.name", "proc.pname")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            ExceptionTable("root_user", ("user.name",), ("=",), (("root",),)),
            RuleException("root_user", ("user.name",), ("=",), (("root",),)),
        ),
        (
            ExceptionTable("tools", ("proc.pname",), ("in",), (("dpkg, rpm",), ("apt",))),
            RuleException("tools", "proc.pname", "in", ("dpkg", "rpm", "apt")),
        ),
        (
            ExceptionTable("jobs", JOBS, ("=", "in"), (("backup", "cron, systemd"),)),
            RuleException("jobs", JOBS, ("=", "in"), (("backup", ("cron", "systemd")),)),
        ),
        (
            ExceptionTable("half", JOBS, ("=", "="), (("backup", ""),)),
            RuleException("half", JOBS, ("=", "="), ()),
        ),
    ],
)
def test_it_takes_falcos_shape_for_each_table(table, expected):
    assert to_exception(table) == expected


@pytest.mark.parametrize(
    ("cell", "values"),
    [("a, b", ("a", "b")), ('"a, b", c', ('"a, b"', "c")), (" , ", ()), ("it's", ("it's",)), ("", ())],
)
def test_it_splits_a_cell_at_commas_outside_quotes(cell, values):
    assert split_list(cell) == values


def test_it_leaves_an_exception_without_a_field_out_of_the_rule():
    assert to_rule(RuleContent(exceptions=(ExceptionTable("empty", ("",), ("=",), (("",),)),))).exceptions == ()


def test_it_puts_an_output_of_several_lines_on_one():
    assert to_rule(RuleContent(output="Deleted |\n  user=%user.name\n")).output == "Deleted | user=%user.name"
