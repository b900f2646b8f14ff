"""Colours never change a clause."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio.behaviours import queries
from studio.behaviours.highlight import pieces


def test_it_knows_the_kinds_of_words() -> None:
    kinds = {
        text: kind for kind, text in pieces('spawned_process and proc.args contains "disable x" and fd.sport in (80)')
    }
    assert kinds["spawned_process"] == "name"
    assert kinds["and"] == "keyword"
    assert kinds["proc.args"] == "field"
    assert kinds["contains"] == "operator"
    assert kinds['"disable x"'] == "string"
    assert kinds["80"] == "number"


def test_it_keeps_every_clause_of_the_library() -> None:
    for behaviour in queries.all():
        assert "".join(text for _, text in pieces(behaviour.clause())) == behaviour.clause()


@given(st.text(max_size=200))
def test_it_keeps_any_text(text: str) -> None:
    assert "".join(piece for _, piece in pieces(text)) == text
