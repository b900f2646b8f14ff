"""One rule against a loaded rule set."""

# A row of a table stays on its line.
# ruff: noqa: E501

from __future__ import annotations

import time

import pytest

from rules_export.findings import Severity
from rules_export.ruleset.model import List, Macro, Rule, RuleException, RuleSet
from rules_export.verdict import RuleChecker, check_rule

SHARED = RuleSet(
    macros=(
        Macro("opened", "evt.type in (open, openat)"),
        Macro("shelly", "opened and proc.name in (shells)"),
        Macro("wrong", "proc.nme = 1"),
        Macro("broken", "proc.name ="),
    ),
    lists=(List("shells", ("ash", "two words")),),
)


def rule(**changes):
    base = {"name": "Probe", "condition": "opened and proc.pid = 1", "output": "by %proc.name", "desc": "D."}
    return Rule(**{**base, "priority": "NOTICE", **changes})


@pytest.mark.parametrize(
    ("changes", "code", "place", "covered"),
    [
        ({"condition": "opened and\n proc.nme = 'a b' and shelly"}, "LOAD_ERR_COMPILE_CONDITION", "condition", "proc.nme = 'a b'"),
        ({"condition": "proc.name in (shells) and opened and proc.nme=1"}, "LOAD_ERR_COMPILE_CONDITION", "condition", "proc.nme=1"),
        ({"condition": "opened and wrong"}, "LOAD_ERR_COMPILE_CONDITION", "condition", "wrong"),
        ({"condition": "opened and broken"}, "LOAD_ERR_VALIDATE", "condition", "broken"),
        ({"condition": "opened and nobody"}, "LOAD_ERR_VALIDATE", "condition", "nobody"),
        ({"condition": "opened and ("}, "LOAD_ERR_COMPILE_CONDITION", "condition", ""),
        ({"condition": "opened and proc.name regex abc"}, "LOAD_COMPILE_CONDITION", "condition", "abc"),
        ({"condition": "proc.name = a"}, "LOAD_NO_EVTTYPE", "condition", None),
        ({"output": "by %proc.nme"}, "LOAD_ERR_COMPILE_OUTPUT", "output", ""),
        ({"output": "see evt.dir"}, "LOAD_DEPRECATED_ITEM", "output", None),
        ({"output": ""}, "LOAD_ERR_YAML_VALIDATE", "output", None),
        ({"priority": "warn"}, "LOAD_ERR_YAML_VALIDATE", "priority", None),
        ({"source": "okta"}, "LOAD_UNKNOWN_SOURCE", "source", None),
        ({"exceptions": (RuleException("e", "proc.nme", "in", ("a",)),)}, "LOAD_ERR_VALIDATE", "exceptions", None),
        ({"exceptions": (RuleException("e", ("proc.pid",), None, (("x",),)),)}, "LOAD_ERR_COMPILE_CONDITION", "exceptions", None),
        ({"exceptions": (RuleException("e", "proc.name", None, ('a"',)),)}, "LOAD_ERR_COMPILE_CONDITION", "exceptions", None),
    ],
)  # fmt: skip
def test_it_finds_what_falco_finds_and_where(changes, code, place, covered):
    changed = rule(**changes)
    (finding,) = check_rule(changed, SHARED)
    assert (finding.code, finding.place, finding.item) == (code, place, "Probe")
    assert finding.severity == (Severity.ERROR if "_ERR_" in code else Severity.WARNING)
    text = getattr(changed, place) if place in ("condition", "output") else ""
    span = finding.span
    assert (span and text[span.start.offset : span.end.offset]) == covered


def test_it_finds_nothing_against_a_sound_rule():
    sound = rule(
        condition="shelly and not proc.name in (shells)",
        exceptions=(RuleException("e", ("proc.name", "fd.name"), ("in", "startswith"), ((("a", "b"), "/tmp"),)),),
    )
    assert check_rule(sound, SHARED) == []


def test_it_takes_macros_and_lists_as_text_too():
    library = "- list: shells\n  items: [ash]\n- macro: opened\n  condition: evt.type=open and proc.name in (shells)\n"
    assert check_rule(rule(condition="opened"), library) == []
    assert check_rule(rule(condition="opened"))[0].message == "Undefined macro 'opened' used in filter."


def test_it_suggests_the_field_that_was_meant():
    assert "proc.name" in check_rule(rule(condition="opened and proc.nme = a"), SHARED)[0].hint


def test_it_answers_while_somebody_types():
    macros = tuple(Macro(f"m{at}", f"evt.type = open and proc.name = a{at} and not m{at - 1}") for at in range(1, 200))
    rules = tuple(rule(name=f"R{at}", condition=f"evt.type=open and proc.pid={at}") for at in range(1000))
    lists = tuple(List(f"l{at}", tuple(f"x{at}_{item}" for item in range(20))) for at in range(200))
    checker = RuleChecker(RuleSet(rules, (Macro("m0", "proc.pid = 0"), *macros), lists))
    times = []
    for at in range(40):
        edited = rule(condition=f"m9 and proc.name in (l{at}, l7) and fd.name startswith /etc/{at} and not m3")
        begun = time.perf_counter()
        assert checker.check(edited) == []
        times.append(time.perf_counter() - begun)
    assert sorted(times)[20] < 0.05  # 10 ms is the aim on an idle machine; this one may be busy
