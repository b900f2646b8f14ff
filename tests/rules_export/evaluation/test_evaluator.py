"""Many rules over many events: the index must never change an answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules_export.evaluation import RuleSet, compile_condition, match_many
from rules_export.evaluation.machine import match_answer
from rules_export.language.ast import And, Compare, Exists, Field, Not, Or, Value, ValueList
from rules_export.language.parser import parse

TYPES = ("execve", "openat", "gettimeofday", "close")
NAMES = ("sh", "rm", "dd")


def _checks():
    kinds = st.sampled_from(TYPES)
    names = st.sampled_from(NAMES)
    text = st.sampled_from([Field("proc.name"), Field("proc.pname"), Field("fd.name")])
    return (
        st.builds(Compare, st.just(Field("evt.type")), st.sampled_from(["=", "!="]), st.builds(Value, kinds))
        | st.builds(
            Compare,
            st.just(Field("evt.type")),
            st.just("in"),
            st.builds(ValueList, st.lists(kinds, max_size=3).map(tuple)),
        )
        | st.builds(
            Compare, text, st.sampled_from(["=", "!=", "contains", "startswith", "glob"]), st.builds(Value, names)
        )
        | st.builds(Compare, text, st.just("in"), st.builds(ValueList, st.lists(names, max_size=3).map(tuple)))
        | st.builds(
            Compare,
            st.just(Field("evt.is_open_write")),
            st.just("="),
            st.builds(Value, st.sampled_from(["true", "false"])),
        )
        | st.builds(Exists, text)
    )


CONDITIONS = st.recursive(
    _checks(),
    lambda inner: (
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=8,
)
EVENTS = st.fixed_dictionaries(
    {"evt.type": st.sampled_from((*TYPES, None)), "proc.name": st.sampled_from((*NAMES, None))},
    optional={
        "proc.pname": st.sampled_from((*NAMES, None)),
        "fd.name": st.sampled_from((*NAMES, "/tmp/sh", "")),
        "evt.is_open_write": st.sampled_from((True, False, None)),
    },
)


@settings(deadline=None)
@given(st.lists(CONDITIONS, min_size=1, max_size=6), st.lists(EVENTS, max_size=6))
def test_it_answers_with_the_index_what_each_condition_answers_alone(conditions, events):
    rules = RuleSet(conditions)
    alone = [compile_condition(condition) for condition in conditions]
    for event in events:
        assert rules.matching(event) == [n for n, matcher in enumerate(alone) if matcher.matches(event)]


@settings(deadline=None)
@given(CONDITIONS, EVENTS)
def test_it_explains_what_it_answers(condition, event):
    whole = {"proc.pname": None, "fd.name": None, "evt.is_open_write": None, **event}
    matcher = compile_condition(condition)
    if matcher.kinds.allow(whole["evt.type"]):
        assert matcher.explain(whole).outcome is matcher.matches(whole)


def test_it_gives_the_events_of_each_condition():
    events = [{"evt.type": "execve", "proc.name": name} for name in NAMES] * 1000
    conditions = [parse("proc.name in (sh, dd)"), parse("evt.type = openat"), parse("proc.name = rm")]
    few, many = match_many(conditions, events[:3]), match_many(conditions, events)
    assert few == [[0, 2], [], [1]]
    assert [len(numbers) for numbers in many] == [2000, 0, 1000]


def test_it_answers_the_machine_and_names_what_it_cannot_read():
    answer = match_answer(
        {
            "conditions": ["proc.name = sh", "proc.name = ", "no.such = 1"],
            "events": [{"evt_id": "a", "fields": {"proc.name": "sh"}}],
        }
    )
    assert answer["matches"] == [["a"], None, None]
    assert "expected a string value" in answer["errors"]["1"]
    assert "nonexistent field no.such" in answer["errors"]["2"]


@pytest.mark.parametrize("request_", [{}, {"conditions": "x", "events": []}, {"conditions": [], "events": [{}]}])
def test_it_refuses_a_request_of_another_shape(request_):
    with pytest.raises(ValueError, match="`match` needs"):
        match_answer(request_)


def test_it_takes_long_conditions_that_share_nearly_everything():
    chain = " and ".join(f"proc.args contains w{n}" for n in range(1200))
    rules = RuleSet([parse(f"{chain} and proc.name = {name}") for name in ("a", "b")])
    event = {"evt.type": "execve", "proc.name": "b", "proc.args": " ".join(f"w{n}" for n in range(1200))}
    assert rules.matching(event) == [1]


def test_it_takes_rules_of_which_each_goes_one_step_further():
    clauses = [f"proc.args contains w{n}x" for n in range(120)]
    rules = RuleSet([parse(" and ".join(clauses[: n + 1])) for n in range(120)])
    assert rules.matching({"evt.type": "execve", "proc.args": "w0x w1x w2x"}) == [0, 1, 2]


def test_an_event_with_an_unusable_value_is_reported_and_the_others_are_answered() -> None:
    """`evt.rawarg.dev` is a number for most events and a text for `mount`."""
    events = [
        {"evt_id": "a", "fields": {"evt.type": "execve", "proc.pid": "no number"}},
        {"evt_id": "b", "fields": {"evt.type": "execve", "proc.pid": 7}},
    ]
    answer = match_answer({"conditions": ["evt.type = execve", "proc.pid = 7"], "events": events})
    assert answer["matches"] == [["b"], ["b"]]
    assert [(one["evt_id"], one["field"]) for one in answer["unusable"]] == [("a", "proc.pid")]
    assert answer["unusable"][0]["reason"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"evt.type": "execve"}, True),
        ({"evt.type": "container"}, False),
        ({"evt.type": "execve", "syscall.type": "execve"}, True),
        ({"evt.type": "execve", "syscall.type": None}, False),
    ],
)
def test_the_system_call_follows_from_the_type_of_the_event(event: dict[str, object], expected: bool) -> None:
    answer = match_answer({"conditions": ["syscall.type = execve"], "events": [{"evt_id": 1, "fields": event}]})
    assert answer["matches"] == [[1] if expected else []]
