"""What a rule needs of the Falco that loads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules_export.falco_checks.requirements import impossible, lowest, needs, rule_needs
from rules_export.language.parser import parse
from rules_export.ruleset.model import Rule, RuleException

RULE = Rule("A rule", "evt.type = open and evt.dir = <", "Opened", "Says so.", "NOTICE")


@pytest.mark.parametrize(
    ("condition", "falco"),
    [
        ("evt.type = open", "0.35"),
        ("proc.is_exe_from_memfd = true", "0.36"),
        ("proc.name regex 'a.*'", "0.39"),
        ("proc.name startswith anyof (a, b)", "0.44"),
        ("basename(proc.exe) = a", "0.39"),
        ("proc.exe = val(proc.pexe)", "0.38"),
        ("evt.type = mseal", "0.39"),
        ("proc.aargs[1] = x", "0.41"),
        ("container.id != host", "0.41"),
        ("evt.arg.vpgid = 1", "0.40"),
        ("evt.type = openat2 and evt.arg.dev = 1", "0.38"),
        ("evt.type in (openat, openat2) and evt.arg.dev = 1", "0.35"),
        ("thread.cgroup.cpuset = /", "0.35"),
        ("its_macro", "0.35"),
    ],
)
def test_it_finds_the_oldest_release(condition: str, falco: str) -> None:
    assert lowest(needs(parse(condition))).falco == falco


def test_it_looks_into_macros_but_not_forever() -> None:
    macros = {"a": parse("b or proc.is_exe_from_memfd = true"), "b": parse("a")}
    assert [one.what for one in needs(parse("a"), macros)] == ["field proc.is_exe_from_memfd"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"output": "%toupper(proc.name)"}, "transformer toupper()"),
        ({"output": "%proc.aargs[1]!"}, "field proc.aargs"),
        ({"capture": True}, "the key capture"),
        ({"exceptions": (RuleException("e", "proc.aargs", "in", ("a",)),)}, "field proc.aargs"),
        (
            {"exceptions": (RuleException("e", ("proc.name",), ("startswith anyof",), ()),)},
            "a modifier in an exception",
        ),
        ({"condition": "evt.type = open"}, "one event for each system call"),
    ],
)
def test_it_looks_at_all_of_a_rule(change: dict[str, object], what: str) -> None:
    assert what in [one.what for one in rule_needs(replace(RULE, **change))]  # type: ignore[arg-type]


def test_it_gives_reasons_for_people() -> None:
    (found,) = needs(parse("k8s.ns.name = kube-system"))
    assert (found.plugin, found.plugin_version, found.engine) == ("container", "0.1.0", "0.50.0")
    assert found.reason == "k8s.ns.name comes from the container plugin since Falco 0.41"


def test_it_needs_nothing_of_what_does_not_parse() -> None:
    assert rule_needs(replace(RULE, condition="and and")) == rule_needs(replace(RULE, condition="its_macro"))


def test_it_sees_that_two_needs_exclude_each_other() -> None:
    both = needs(parse("syslog.message = x and container.label[a] = b"))
    assert [one.what for one in impossible(both)] == ["field syslog.message"]
