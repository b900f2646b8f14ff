"""Editing: every edit gives a new tree that still prints and reads back, and leaves the old one alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules_export.language import editing
from rules_export.language.editing import EditError
from rules_export.language.parser import parse
from rules_export.language.printer import to_text

from .trees import checks, trees


@pytest.mark.parametrize(
    ("edit", "before", "after"),
    [
        (lambda t: editing.replace(t, (1,), parse("x")), "a and b", "a and x"),
        (lambda t: editing.replace(t, (), parse("x")), "a and b", "x"),
        (lambda t: editing.replace(t, (1, 0), parse("x")), "a and not b", "a and not x"),
        (lambda t: editing.insert(t, (1,), parse("x")), "a and b", "a and x and b"),
        (lambda t: editing.insert(t, (2,), parse("x")), "a and b", "a and b and x"),
        (lambda t: editing.insert(t, (), parse("x")), "a", "a and x"),
        (lambda t: editing.insert(t, (0,), parse("x"), "or"), "not a", "not a or x"),
        (lambda t: editing.append(t, (), parse("x")), "a and b", "a and b and x"),
        (lambda t: editing.append(t, (1,), parse("x"), "or"), "a and b", "a and (b or x)"),
        (lambda t: editing.append(t, (), parse("x"), "or"), "a and b", "a and b or x"),
        (lambda t: editing.remove(t, (0,)), "a and b", "b"),
        (lambda t: editing.remove(t, (1, 0)), "a and not b and c", "a and c"),
        (lambda t: editing.remove(t, (1, 1)), "a and (b or c)", "a and b"),
        (lambda t: editing.duplicate(t, (0,)), "a and b", "a and a and b"),
        (lambda t: editing.duplicate(t, ()), "a", "a and a"),
        (lambda t: editing.negate(t, (1,)), "a and b", "a and not b"),
        (lambda t: editing.negate(t, (1,)), "a and not b", "a and b"),
        (lambda t: editing.negate(t, (1, 0)), "a and not b", "a and b"),
        (lambda t: editing.wrap(t, (1,), "or", parse("x")), "a and b", "a and (b or x)"),
        (lambda t: editing.wrap(t, (1,), "and", parse("x")), "a and b", "a and (b and x)"),
        (lambda t: editing.unwrap(t, (1,)), "a and (b or c) and d", "a and b and c and d"),
        (lambda t: editing.unwrap(t, (1,)), "a and not b", "a and b"),
        (lambda t: editing.change_connective(t, (), "or"), "a and b", "a or b"),
        (lambda t: editing.add_alternative(t, parse("x and y")), "a or b", "a or b or x and y"),
        (lambda t: editing.add_alternative(t, parse("x")), "a and b", "a and b or x"),
        (lambda t: editing.add_alternative(t, parse("b")), "a or b", "a or b"),
        (lambda t: editing.remove_alternative(t, parse("b")), "a or b or c", "a or c"),
        (lambda t: editing.remove_alternative(t, parse("b")), "a or b", "a"),
        (lambda t: editing.remove_alternative(t, parse("z")), "a or b", "a or b"),
        (lambda t: editing.inline_macro(t, (1,), {"m": parse("x or y")}), "a and m", "a and (x or y)"),
        (editing.tidy, "a and (b and (c and d)) and not (not e)", "a and b and c and d and e"),
    ],
)
def test_it_edits(edit, before, after):
    tree = parse(before)
    assert to_text(edit(tree)) == after
    assert to_text(tree) == before


@pytest.mark.parametrize(
    ("before", "path", "direction", "after", "place"),
    [
        ("a and b and c", (1,), "up", "b and a and c", (0,)),
        ("a and b and c", (1,), "down", "a and c and b", (2,)),
        ("a and (b or c)", (0,), "in", "a or b or c", (0,)),
        ("x and a and (b or c)", (1,), "in", "x and (a or b or c)", (1, 0)),
        ("x and (b or c) and a", (2,), "in", "x and (b or c or a)", (1, 2)),
        ("x and (b or c)", (1, 0), "out", "x and c and b", (2,)),
        ("x and not (b or c)", (1, 0, 0), "out", "x and not c and b", (2,)),
    ],
)
def test_it_moves_and_says_where_to(before, path, direction, after, place):
    tree = parse(before)
    moved, new_path = editing.move(tree, path, direction)
    assert to_text(moved) == after
    assert new_path == place
    assert editing.get(moved, new_path) == editing.get(tree, path)


def test_it_extracts_a_macro():
    tree, macro = editing.extract_macro(parse("a and (b or c)"), (1,), "b_or_c")
    assert to_text(tree) == "a and b_or_c"
    assert to_text(macro) == "b or c"


@pytest.mark.parametrize(
    "edit",
    [
        lambda: editing.get(parse("a"), (0,)),
        lambda: editing.get(parse("a and b"), (2,)),
        lambda: editing.get(parse("a and b"), (-1,)),
        lambda: editing.replace(parse("proc.name = a"), (0,), parse("x")),
        lambda: editing.insert(parse("a and b"), (5,), parse("x")),
        lambda: editing.remove(parse("a"), ()),
        lambda: editing.remove(parse("not a"), (0,)),
        lambda: editing.unwrap(parse("a and b"), ()),
        lambda: editing.change_connective(parse("a"), (), "or"),
        lambda: editing.move(parse("a and b"), (), "up"),
        lambda: editing.move(parse("a and b"), (0,), "up"),
        lambda: editing.move(parse("a and b"), (1,), "down"),
        lambda: editing.move(parse("a and b"), (1,), "in"),
        lambda: editing.move(parse("a and b"), (1,), "out"),
        lambda: editing.move(parse("not a"), (0,), "up"),
        lambda: editing.remove_alternative(parse("a"), parse("a")),
        lambda: editing.remove_alternative(parse("a or b"), parse("a or b")),
        lambda: editing.inline_macro(parse("a"), (), {}),
    ],
)
def test_it_refuses_an_edit_that_leads_nowhere_with_a_sentence(edit):
    with pytest.raises(EditError, match=r"^[A-Z].*\.$"):
        edit()


_EDITS = [
    lambda t, p, n: editing.replace(t, p, n),
    lambda t, p, n: editing.insert(t, p, n),
    lambda t, p, n: editing.append(t, p, n, "or"),
    lambda t, p, n: editing.remove(t, p),
    lambda t, p, n: editing.duplicate(t, p),
    lambda t, p, n: editing.negate(t, p),
    lambda t, p, n: editing.wrap(t, p, "or", n),
    lambda t, p, n: editing.unwrap(t, p),
    lambda t, p, n: editing.change_connective(t, p, "and"),
    lambda t, p, n: editing.move(t, p, "up")[0],
    lambda t, p, n: editing.move(t, p, "in")[0],
    lambda t, p, n: editing.move(t, p, "out")[0],
    lambda t, p, n: editing.add_alternative(t, n),
    lambda t, p, n: editing.remove_alternative(t, n),
    lambda t, p, n: editing.tidy(t),
]


@settings(max_examples=150, deadline=None)
@given(trees, checks, st.lists(st.tuples(st.sampled_from(_EDITS), st.integers(0, 50)), min_size=1, max_size=4))
def test_it_keeps_a_tree_printable_whatever_is_done_to_it(tree, node, edits):
    for edit, where in edits:
        places = editing.paths(tree)
        try:
            tree = edit(tree, places[where % len(places)][0], node)
        except EditError:
            continue
    assert parse(to_text(tree)) == tree


@settings(max_examples=100, deadline=None)
@given(trees)
def test_it_finds_every_node_by_its_path(tree):
    for path, node in editing.paths(tree):
        assert editing.get(tree, path) is node
