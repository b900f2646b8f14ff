"""Clauses in a condition's text: added as alternatives, exchanged, removed, and never at the cost of the text."""

from __future__ import annotations

import pytest

from rules_export.language.parser import parse
from studio.authoring import clauses

RM = 'spawned_process and proc.name = "rm" and proc.args contains "-rf"'
CHATTR = 'spawned_process and proc.name = "chattr" and proc.args contains "+i"'
EITHER = "proc.name = a or proc.name = b"


def test_it_begins_with_the_clause_alone():
    assert parse(clauses.add("", RM)) == parse(RM)


def test_it_adds_a_clause_as_one_more_alternative():
    assert parse(clauses.add(RM, CHATTR)) == parse(f"({RM}) or ({CHATTR})")


def test_it_adds_a_clause_once():
    assert clauses.add(RM, RM) == RM


@pytest.mark.parametrize("clause", [RM, CHATTR, EITHER])
@pytest.mark.parametrize("text", [RM, EITHER, "container and not (proc.name = x or proc.name = y)"])
def test_it_takes_away_what_it_added(text, clause):
    if not clauses.holds(text, clause):
        assert parse(clauses.remove(clauses.add(text, clause), clause)) == parse(text)


def test_it_leaves_nothing_when_the_only_clause_goes():
    assert clauses.remove(clauses.add("", RM), RM) == ""


def test_it_exchanges_a_clause_whose_parameters_changed():
    text = clauses.add(RM, CHATTR)
    other = RM.replace("-rf", "-fr")
    assert parse(clauses.exchange(text, RM, other)) == parse(f"({other}) or ({CHATTR})"), "it stays in its place"
    assert parse(clauses.exchange(RM, RM, EITHER)) == parse(EITHER)
    assert parse(clauses.exchange(text, RM, CHATTR)) == parse(CHATTR)


def test_it_does_not_touch_a_clause_that_was_edited_by_hand():
    text = clauses.add(RM.replace("-rf", "--recursive"), CHATTR)
    assert clauses.remove(text, RM) == text
    assert clauses.exchange(text, RM, EITHER) == text


@pytest.mark.parametrize("broken", ["proc.name =", "(proc.name = rm", "proc.name = rm and"])
def test_it_never_destroys_a_text_that_does_not_parse(broken):
    added = clauses.add(broken, RM)
    assert added.startswith(broken)
    assert clauses.remove(added, RM) == broken


def test_it_formats_only_what_parses():
    assert clauses.tidy("proc.name=rm   and   container") == "proc.name = rm and container"
    assert clauses.tidy("proc.name =") == "proc.name ="
