"""Filling a clause: typed values, no way out of a literal, lists as alternatives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules_export.language.ast import And, Compare, Or, Value, ValueList
from rules_export.language.parser import parse
from studio.behaviours import queries
from studio.behaviours.parameters import ParameterError, read
from studio.behaviours.records import Kind, Parameter
from studio.behaviours.templates import fill

NAMES = Parameter("tools", Kind.NAMES, "Tools", ("rm",))
FLAGS = Parameter("flags", Kind.TEXTS, "Flags", ("-a", "-b"))
VERB = Parameter("verb", Kind.TEXT, "Verb", "stop")
PORTS = Parameter("ports", Kind.PORTS, "Ports", (4444,))
MOST = Parameter("most", Kind.NUMBER, "Most", 5)
PATHS = Parameter("paths", Kind.PATHS, "Paths", ("/etc",))


@pytest.mark.parametrize(
    ("template", "parameter", "value", "clause"),
    [
        ("proc.name in ($tools)", NAMES, ["rm", "shred"], "proc.name in (rm, shred)"),
        ("proc.name in ($tools, dd)", NAMES, "rm\nshred", "proc.name in (rm, shred, dd)"),
        ("proc.args contains $flags", FLAGS, ["-x"], "proc.args contains -x"),
        ("proc.args contains $flags", FLAGS, ["-x", "-y z"], 'proc.args contains -x or proc.args contains "-y z"'),
        ("proc.args contains $flags", FLAGS, [" nc ", "-e "], 'proc.args contains " nc " or proc.args contains "-e "'),
        ("proc.args contains $flags", FLAGS, " nc \r\na, b", 'proc.args contains " nc " or proc.args contains "a, b"'),
        ("not proc.args contains $flags", FLAGS, ["x", "y"], "not (proc.args contains x or proc.args contains y)"),
        ('proc.args contains "$verb now"', VERB, "mask", 'proc.args contains "mask now"'),
        ("fd.sport in ($ports)", PORTS, "80, 443", "fd.sport in (80, 443)"),
        ("proc.cmdnargs > $most", MOST, "7", "proc.cmdnargs > 7"),
        ("fd.name pmatch ($paths)", PATHS, ["/a b", "/c"], 'fd.name pmatch ("/a b", /c)'),
    ],
)
def test_it_puts_values_where_they_belong(template: str, parameter: Parameter, value: object, clause: str) -> None:
    assert parse(fill(template, [parameter], {parameter.name: value})) == parse(clause)


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(str.strip))
def test_it_never_lets_a_value_out_of_its_literal(text: str) -> None:
    tree = parse(fill("proc.name = sh and proc.args contains $verb", [VERB], {"verb": text}))
    assert isinstance(tree, And)
    check = tree.args[1]
    assert isinstance(check, Compare)
    assert check.right == Value(text.strip())


def test_it_makes_one_alternative_for_each_value() -> None:
    tree = parse(fill("proc.args contains $flags", [FLAGS], {"flags": ["a", "b", "c", "b"]}))
    assert isinstance(tree, Or)
    assert len(tree.args) == 3


def test_it_splices_a_list_into_a_list() -> None:
    tree = parse(fill("proc.name in (sh, $tools)", [NAMES], {"tools": ["sh", "rm"]}))
    assert isinstance(tree, Compare)
    assert tree.right == ValueList(("sh", "rm"))


@pytest.mark.parametrize(
    ("parameter", "value", "words"),
    [
        (NAMES, "a/b", "not a name"),
        (NAMES, [], "at least one"),
        (NAMES, ["x"] * 3 + [f"n{i}" for i in range(200)], "at most 100"),
        (PATHS, "etc", "begin with /"),
        (PORTS, "http", "not a whole number"),
        (PORTS, "70000", "outside"),
        (VERB, "  ", "give a value"),
        (VERB, "x" * 300, "255 bytes"),
        (VERB, "a\nb", "control characters"),
        (MOST, "-1", "outside"),
    ],
)
def test_it_refuses_values_in_words(parameter: Parameter, value: object, words: str) -> None:
    with pytest.raises(ParameterError, match=words) as refusal:
        read(parameter, value)
    assert refusal.value.parameter == parameter.name


def test_it_refuses_parameters_that_a_behaviour_does_not_have() -> None:
    with pytest.raises(ParameterError, match="no parameter called x"):
        queries.get("t1490-rm-recursive-force").clause({"x": "1"})


def test_it_bounds_the_alternatives_that_lists_make_together() -> None:
    other = Parameter("more", Kind.TEXTS, "More", ("a",))
    with pytest.raises(ParameterError, match="more than 100 alternatives"):
        fill(
            'proc.args contains "$flags $more"',
            [FLAGS, other],
            {"flags": list(map(str, range(20))), "more": list(map(str, range(20)))},
        )


def test_it_offers_variants_by_id() -> None:
    behaviour = queries.get("t1490-rm-recursive-force")
    assert "backup" in behaviour.clause(variant="backup-paths")
    with pytest.raises(KeyError):
        behaviour.clause(variant="none")
