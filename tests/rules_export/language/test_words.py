"""Conditions read out as plain English."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from rules_export.language.parser import parse
from rules_export.language.words import in_words, outline

from .trees import trees


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("proc.name = dd", "the process name is dd"),
        ("not proc.name contains dd", "the process name does not contain dd"),
        ("proc.name in (dd, cp, mv)", "the process name is one of dd, cp or mv"),
        ("not proc.name in (dd)", "the process name is none of dd"),
        ("proc.name != dd", "the process name is not dd"),
        ("a and not b", "a holds and b does not hold"),
        ("a and (b or not c)", "a holds and (b holds or c does not hold)"),
        ("not (a and b)", "it is not so that (a holds and b holds)"),
        ("evt.is_open_write = true", "whether it opens for writing: yes"),
        ("not evt.is_open_write != false", "whether it opens for writing: no"),
        ("fd.name startswith '/my files'", "the file or connection starts with “/my files”"),
        ("proc.args contains anyof (a, b)", "the argument text contains any of a or b"),
        ("tolower(proc.name) = val(proc.pname)", "the process name in lower case is the parent's name"),
        ("join(',', (proc.name, user.name)) exists", "join of ,, (the process name, the user) is known"),
        ("proc.aname[2] = x", "an ancestor's name [2] is x"),
        ("evt.rawres >= 0", "the result code is at least 0"),
        ("proc.name = ''", "the process name is empty"),
        ("fd.num in ()", "the descriptor's number is one of nothing"),
        ("proc.pname in shells", "the parent's name is one of shells"),
    ],
)
def test_it_reads_a_condition_out(text, words):
    assert in_words(parse(text)) == words


def test_it_does_not_read_long_lists_to_the_end():
    items = ", ".join(f"p{number}" for number in range(20))
    assert in_words(parse(f"proc.name in ({items})")).endswith("p10, p11 and 8 more")


def test_it_outlines_groups_as_a_nested_list():
    assert list(outline(parse("a and not (b or not c)"))) == [
        (0, "all of"),
        (1, "a holds"),
        (1, "not any of"),
        (2, "b holds"),
        (2, "c does not hold"),
    ]


@settings(max_examples=100, deadline=None)
@given(trees)
def test_it_finds_words_for_every_tree(tree):
    assert in_words(tree).encode()
    assert list(outline(tree))
