"""Some items change, every other byte stays."""

from __future__ import annotations

import pytest

from rules_export.ruleset.model import List, Macro
from rules_export.write.rewriting import format_rules, rewrite, written_items

FILE = b"""\
# Before all.

- list: shells   # of ours
  items: [ash,
    bash]

# About the macro.
- macro: opened
  condition: evt.type in (open,openat)
# About nothing.

- list: editors
  items:
    - vi
    - "em acs"
# At the end.
"""


def test_it_finds_items_and_what_they_define():
    found = written_items(FILE)
    assert [one.item for one in found] == [
        None,  # it holds a comment
        Macro("opened", "evt.type in (open,openat)"),
        List("editors", ("vi", "em acs")),
    ]
    assert FILE[found[1].start : found[1].end] == b"- macro: opened\n  condition: evt.type in (open,openat)"


def test_it_replaces_and_takes_out_single_items():
    changed = rewrite(FILE, {1: None, 2: List("editors", ("ed",))})
    kept = FILE[: FILE.index(b"- macro")]
    assert changed == kept + b"\n# About nothing.\n\n- list: editors\n  items: [ed]\n# At the end.\n"


def test_it_changes_nothing_when_nothing_changes():
    assert rewrite(FILE, {}) == FILE


@pytest.mark.parametrize(
    "rest", [b"garbage\n", b"%YAML 1.2\n", b"!<x>\n- list: b\n  items: [c]\n", b"~\n- list: b\n  items: [c]\n"]
)
def test_it_loses_nothing_that_hides_behind_the_last_item(rest):
    content = b"- list: a\n  items: ['x']\n" + rest
    assert format_rules(content) == content


def test_it_lays_out_what_it_understands_and_then_rests():
    once = format_rules(FILE)
    assert b"- list: shells   # of ours\n  items: [ash,\n    bash]\n" in once
    assert b"- list: editors\n  items: [vi, em acs]\n# At the end." in once
    assert format_rules(once) == once


@pytest.mark.parametrize(
    "item",
    [
        b"- rule: a\n  condition: or x\n  override: {condition: append}\n",
        b"- macro: a\n  condition: or x\n  append: true\n",
        b"- list: a\n  items: &x [b]\n",
        b"- list: a\n  items: [b]\n  itmes: [c]\n",
        b"- rule: a\n  enabled: false\n",
        b"- required_engine_version: 1\n",
        b"- rule: a\n  condition:\n",
        b"[{list: a, items: [b]}]\n",
        b"- {list: a\n",
        b"- list: a\r\n  items: []\r\n",
        b"\xff\xfe",
    ],
)
def test_it_leaves_alone_what_it_does_not_understand_wholly(item):
    assert format_rules(item) == item
