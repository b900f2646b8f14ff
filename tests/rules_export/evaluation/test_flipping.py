"""The smallest change that turns the answer, tried before it is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules_export.evaluation.alternatives import alternatives
from rules_export.evaluation.flipping import smallest_flip
from rules_export.evaluation.matcher import compile_condition
from rules_export.language.parser import parse

RMDIR = {"evt.type": "execve", "proc.name": "rmdir", "proc.args": "-rf /backup", "proc.pname": "bash"}


def flip(condition, event=RMDIR):
    return smallest_flip(compile_condition(parse(condition)), event)


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("evt.type = execve and proc.name = rm and proc.args contains -rf", "proc.name is rmdir, not rm"),
        ("proc.name = rmdir and not proc.pname = bash", "proc.pname is bash; another value would turn it"),
        ("proc.name = rmdir and proc.pname != bash", "proc.pname is bash; another value would turn it"),
        ("proc.name = rmdir and not user.name = root and user.name exists", "user.name is not known; it could be"),
        ("(proc.name = shred and proc.args = x) or proc.name in (rm, dd)", "proc.name is rmdir, not rm"),
        ("proc.name startswith rmd and proc.args endswith /srv", "proc.args is -rf /backup, not "),
    ],
)
def test_it_says_what_is_in_the_way(condition, says):
    found = flip(condition)
    assert found.matched is False
    assert found.says.startswith(says), found.says


def test_it_prefers_another_value_to_another_kind_of_event():
    found = flip("(evt.type = openat and proc.name = rmdir) or (evt.type = execve and proc.name = rm)")
    assert found.says == "proc.name is rmdir, not rm"


def test_it_says_what_keeps_a_condition_true():
    found = flip("proc.name = rmdir and proc.args contains -rf")
    assert found.matched is True
    assert len(found.changes) == 1


def test_it_tells_the_checks_where_no_value_is_found():
    found = flip("proc.name = rm and proc.name = shred")
    assert (found.changes, found.checks) == ((), ("proc.name = rm", "proc.name = shred"))


def test_it_names_an_event_type_on_which_falco_never_runs_the_condition():
    found = flip("evt.type != gettimeofday and proc.name = rmdir", {"evt.type": "gettimeofday", "proc.name": "rmdir"})
    assert found.matched is False
    assert "gettimeofday" in found.says


def test_it_gives_up_on_what_nothing_can_turn():
    assert flip("proc.name = rm and not proc.name = rm").changes == ()


_CHECK = st.builds(
    "{} {} {}".format,
    st.sampled_from(["proc.name", "proc.args", "proc.pname", "user.name"]),
    st.sampled_from(["=", "!=", "contains", "startswith"]),
    st.sampled_from(["rm", "bash", "root", "-rf"]),
)
_CONDITION = st.recursive(
    _CHECK,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=8,
)


@given(_CONDITION)
def test_what_it_proposes_turns_the_answer(condition):
    matcher = compile_condition(parse(condition))
    found = smallest_flip(matcher, RMDIR)
    if found and found.changes:
        changed = {**RMDIR, **{change.field: change.then for change in found.changes}}
        assert matcher.decides(changed) is not found.matched


@given(_CONDITION)
def test_the_first_alternative_that_holds_is_the_one_that_the_trace_names(condition):
    matcher = compile_condition(parse(condition))
    if matcher.decides(RMDIR):
        clause = matcher.explain({**RMDIR, "user.name": None}).deciding_clause
        parts = [compile_condition(part) for part in alternatives(matcher.node, {})]
        assert next(part.node for part in parts if part.decides(RMDIR)) == parse(clause.text)
