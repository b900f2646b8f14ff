"""Why an event matches or not, told to the person who wrote the rule."""

import pytest

from rules_export.evaluation import compile_condition
from rules_export.language.parser import parse

MACROS = {"spawned_process": parse("evt.type in (execve, execveat)")}
RULE = (
    "spawned_process and ((proc.name = rm and proc.args contains /backup)"
    " or (proc.name = dd and proc.args contains 'of=/dev')) and not user.name = root"
)
RM = {"evt.type": "execve", "proc.name": "rm", "proc.args": "-rf /backup", "user.name": "eve"}


def explain(event, condition=RULE):
    return compile_condition(parse(condition), macros=MACROS).explain(event)


def test_it_names_the_clause_that_made_the_rule_fire():
    trace = explain(RM)
    assert trace.outcome is True
    assert trace.deciding_clause.path == (1, 0)
    assert trace.deciding_clause.text == "proc.name = rm and proc.args contains /backup"


def test_it_names_the_clause_that_came_closest_and_what_it_lacks():
    trace = explain({**RM, "proc.name": "dd", "proc.args": "if=/dev/zero of=/tmp/x"})
    assert trace.outcome is False
    assert trace.deciding_clause.path == (1, 1)
    assert trace.deciding_clause.why == 'proc.args contains "of=/dev" (proc.args is "if=/dev/zero of=/tmp/x")'


def test_it_says_which_exclusion_kept_the_rule_silent():
    trace = explain({**RM, "user.name": "root"})
    assert trace.outcome is False
    assert trace.root.why == "fails at not user.name = root"
    assert trace.deciding_clause.outcome is True
    assert trace.deciding_clause.why == 'holds, but not user.name = root (user.name is "root")'


def test_it_says_what_is_in_the_way_beside_the_closest_clause():
    clause = explain({**RM, "evt.type": "open", "proc.args": "-rf /home"}).deciding_clause
    assert clause.path == (1, 0)
    assert clause.why == (
        'proc.args contains /backup (proc.args is "-rf /home"); evt.type in (execve, execveat) (evt.type is "open")'
    )


def test_it_keeps_the_macro_in_the_authors_tree_and_shows_what_is_behind_it():
    step = explain(RM).root.steps[0]
    assert (step.kind, step.text, step.path) == ("macro", "spawned_process", (0,))
    assert step.steps[0].text == "evt.type in (execve, execveat)"
    assert step.steps[0].why == 'evt.type is "execve"'


def test_it_cannot_tell_without_a_field_and_says_which():
    event = {key: value for key, value in RM.items() if key != "user.name"}
    trace = explain(event)
    assert trace.outcome is None
    assert trace.needs == ("user.name",)
    assert trace.root.why == "needs user.name"


@pytest.mark.parametrize(
    ("condition", "event", "outcome"),
    [
        ("proc.pname = a", {}, None),
        ("not proc.pname = a", {}, None),
        ("proc.pname = a", {"proc.pname": None}, False),
        ("not proc.pname = a", {"proc.pname": None}, True),
        ("proc.pname = a or proc.name = b", {"proc.name": "b"}, True),
        ("proc.pname = a or proc.name = b", {"proc.name": "c"}, None),
        ("proc.pname = a and proc.name = b", {"proc.name": "c"}, False),
        ("concat(proc.name, proc.pname) = x", {"proc.name": None}, False),
        ("concat(proc.name, proc.pname) = x", {"proc.name": "x"}, None),
        ("proc.aname = a", {"proc.pname": "a"}, True),
        ("proc.aname = a", {"proc.pname": "b"}, None),
        ("fd.snet = 10.0.0.0/8", {}, None),
        ("fd.snet = 10.0.0.0/8", {"fd.sip": "10.1.1.1"}, True),
    ],
)
def test_it_is_three_valued_where_keys_are_missing(condition, event, outcome):
    assert explain(event, condition).outcome is outcome


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("proc.cwd = x", "proc.cwd has no value"),
        ("evt.is_open_read = false", "evt.is_open_read is true"),
        ("proc.pid = 1", "proc.pid is 7"),
        ("proc.name = val(proc.exe)", 'proc.name is "sh", val(proc.exe) is "/bin/sh"'),
        ("fd.types in (file)", "fd.types is (file, ipv4)"),
        ("fd.snet = 10.0.0.0/8", 'fd.snet is "192.0.2.1"'),
    ],
)
def test_it_shows_the_values_compared(condition, why):
    event = {
        "proc.cwd": None,
        "evt.is_open_read": True,
        "proc.pid": 7,
        "proc.name": "sh",
        "proc.exe": "/bin/sh",
        "fd.types": ["file", "ipv4"],
        "fd.sip": "192.0.2.1",
    }
    trace = explain(event, condition)
    assert (trace.outcome, trace.root.why) == (False, why)


def test_it_agrees_with_the_two_valued_answer_where_everything_is_known():
    for event in (RM, {**RM, "user.name": "root"}, {**RM, "evt.type": "open"}):
        assert explain(event).outcome is compile_condition(parse(RULE), macros=MACROS).matches(event)


def test_it_shortens_long_values():
    assert len(explain({"proc.args": "x" * 5000}, "proc.args = y").root.why) < 200
