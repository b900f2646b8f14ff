"""From text to rows and back: nothing is lost on the way, for generated trees and for every recorded condition."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings

from rules_export.errors import ConditionSyntaxError
from rules_export.language.ast import And, Compare, Node, Not, Or, Value, ValueList
from rules_export.language.operators import LIST_OPERATORS, split
from rules_export.language.parser import parse
from rules_export.language.printer import to_text
from rules_export.language.visitor import transform
from studio.authoring.builder import places, rows
from studio.authoring.builder.pieces import put_together, take_apart
from tests.rules_export.language.trees import trees

SHARED = Path(os.environ.get("MEWS_SHARED", Path(__file__).parents[4] / "shared"))


def listed(tree: Node) -> Node:
    """The tree with a list's bare name in parentheses, which is the same to Falco; forms know one way to write it."""

    def one(node):
        if isinstance(node, Compare) and isinstance(node.right, Value):
            base, modifier = split(node.op)
            if base in LIST_OPERATORS or modifier:
                return Compare(node.left, node.op, ValueList((node.right.text,)), node.p)
        return node

    return transform(tree, one)


def through_rows(tree: Node) -> Node:
    """The tree with each of its checks and macros taken apart into inputs and put together again."""
    if isinstance(tree, And | Or):
        return type(tree)(tuple(through_rows(one) for one in tree.args))
    if isinstance(tree, Not):
        return Not(through_rows(tree.arg))
    return put_together(take_apart(tree))


@settings(max_examples=2000, deadline=None)
@given(trees)
def test_it_gives_the_same_tree_through_its_rows(tree):
    draws_every_part_once_and_closes_every_group(tree)
    try:
        tree = parse(to_text(tree))
    except ConditionSyntaxError:
        return  # no text stands for it, so no person can have typed it
    assert through_rows(tree) == listed(tree)


def draws_every_part_once_and_closes_every_group(tree: Node) -> None:
    drawn = list(rows.marks(tree, lambda node: None))
    opened = [mark.path for mark in drawn if mark.what == "open"]
    assert sorted(opened) == sorted(mark.path for mark in drawn if mark.what == "close")
    spots = [mark.id for mark in drawn if mark.what != "close"]
    assert len(spots) == len(set(spots))
    assert all(places.read(mark.key) == mark.path for mark in drawn)


def recorded() -> list[str]:
    path = SHARED / "conformance" / "conditions.jsonl"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        return [text for line in lines if isinstance(text := json.loads(line).get("condition"), str)]


@pytest.mark.skipif(not recorded(), reason="the recorded conditions are not at hand")
def test_it_keeps_every_recorded_condition():
    seen = 0
    for text in recorded():
        try:
            tree = parse(text)
        except ConditionSyntaxError:
            continue
        try:
            assert through_rows(tree) == listed(tree), text
        except RecursionError:
            continue
        seen += 1
    assert seen > 100
