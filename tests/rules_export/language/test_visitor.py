"""Walking, rebuilding, expanding; and the tree as plain data."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from rules_export.language.ast import And, Compare, Field, Identifier, Not, Value
from rules_export.language.parser import parse
from rules_export.language.printer import to_text
from rules_export.language.serialising import from_dict, to_dict
from rules_export.language.visitor import expand, fields_used, identifiers, transform, walk

from .trees import trees


def test_it_walks_parents_first_and_left_to_right():
    kinds = [type(node).__name__ for node in walk(parse("a and tolower(proc.name) in (x) and not b"))]
    assert kinds == ["And", "Identifier", "Compare", "Transformer", "Field", "ValueList", "Not", "Identifier"]


def test_it_finds_fields_and_macros_with_repetitions():
    tree = parse("a and proc.name = val(proc.pname) and (a or concat(fd.name, 'x') exists)")
    assert [field.name for field in fields_used(tree)] == ["proc.name", "proc.pname", "fd.name"]
    assert identifiers(tree) == ["a", "a"]


def test_it_expands_macros_as_one_part_and_leaves_unknown_ones():
    tree = expand(parse("a and not m and u"), {"m": parse("x or y")})
    assert to_text(tree) == "a and not (x or y) and u"


def test_it_shares_what_stays():
    tree = parse("a and (b or proc.name = x)")
    assert transform(tree, lambda node: node) is tree
    changed = transform(tree, lambda node: Value("z") if node == Value("x") else node)
    assert to_text(changed) == "a and (b or proc.name = z)"
    assert changed.args[0] is tree.args[0]


def test_it_stands_trees_of_any_depth():
    tree = Identifier("a")
    for _ in range(20_000):
        tree = Not(And((tree, Identifier("b"))))
    assert sum(1 for _ in walk(expand(tree, {"b": Identifier("c")}))) == 60_001
    assert to_text(tree).count("not") == 20_000
    assert to_text(from_dict(to_dict(tree))) == to_text(tree)


@settings(max_examples=120, deadline=None)
@given(trees)
def test_it_survives_the_way_through_json(tree):
    assert from_dict(json.loads(json.dumps(to_dict(tree)))) == tree


def test_it_writes_bytes_that_are_no_text_as_hexadecimals():
    tree = parse('proc.name = "\\xff"')
    assert to_dict(tree)["right"] == {"t": "val", "p": 12, "v": {"hex": "ff"}}
    assert from_dict(to_dict(tree)) == Compare(Field("proc.name"), "=", Value("\udcff"))


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        None,
        {"t": "and"},
        {"t": "not", "arg": {}},
        {"t": "nonsense"},
        {"t": "val", "p": 0, "v": "x"},
        {"t": "id"},
    ],
)
def test_it_refuses_data_that_are_no_tree(data):
    with pytest.raises(ValueError, match="not a"):
        from_dict(data)
