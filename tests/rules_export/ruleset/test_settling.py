"""Lists keep the values that Falco puts into conditions, in whatever order they are written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rules_export.compare.expansion import Expander
from rules_export.ruleset.model import List, RuleSet
from rules_export.verdict.loading import Load
from rules_export.verdict.settled import load_settled
from rules_export.write.rule_yaml import to_yaml

NAMES = ("alpha", "beta", "gamma", "delta")
PLAIN = ("bash", "10.0.0.0/8", '"a b"', '"beta"', "'quoted'", "two words")

items = st.lists(st.sampled_from(NAMES + PLAIN), max_size=4)
definitions = st.lists(st.tuples(st.sampled_from(NAMES), items, st.booleans()), min_size=1, max_size=7)


def written(entries: list[tuple[str, list[str], bool]]) -> str:
    """The definitions as a rules file; True adds to a list that was defined before."""
    defined: set[str] = set()
    parts = []
    for name, values, adds in entries:
        text = to_yaml([List(name, tuple(values))]).rstrip("\n")
        parts.append(f"{text}\n  override:\n    items: append" if adds and name in defined else text)
        defined.add(name)
    return "\n".join(parts) + "\n"


def meanings(lists: tuple[List, ...], names: list[str]) -> list[str | None]:
    expander = Expander((), lists)
    trees = [expander.tree(f"proc.name in ({name})") for name in names]
    return [None if tree is None else repr(tree.right.items) for tree in trees]  # type: ignore[union-attr]


def test_it_leaves_plain_lists_as_they_are() -> None:
    found = settled("- list: a\n  items: [x, '\"y z\"']\n- list: b\n  items: [a, w]\n")
    assert found.lists == (List("a", ("x", '"y z"')), List("b", ("a", "w")))


def test_it_spells_out_a_list_that_falco_does_not_look_into() -> None:
    found = settled("- list: a\n  items: [x]\n- list: b\n  items: [a]\n- list: c\n  items: [b]\n")
    assert found.lists[-1] == List("c", ('"a"',))  # Falco looks one list deep: `a` is a value of c


def test_it_spells_out_a_list_that_was_named_before_it_existed() -> None:
    text = "- list: b\n  items: [a]\n- list: c\n  items: [b]\n- list: a\n  items: [x, y]\n"
    assert settled(text).lists[1] == List("c", ("x", "y"))


@given(definitions)
def test_it_keeps_what_falco_puts_into_conditions(entries: list[tuple[str, list[str], bool]]) -> None:
    text = written(entries)
    load = Load()
    load.add("rules.yaml", text)
    names = list(load.collector.lists)
    loaded = [Expander.of_load(load).tree(f"proc.name in ({name})") for name in names]
    expected = [None if tree is None else repr(tree.right.items) for tree in loaded]  # type: ignore[union-attr]
    lists = settled(text).lists
    for order in (lists, lists[::-1]):
        for name, before, after in zip(names, expected, meanings(order, names), strict=True):
            if before is not None:
                assert after == before, (name, text)


def settled(text: str) -> RuleSet:
    return load_settled([("rules.yaml", text)]).rules
