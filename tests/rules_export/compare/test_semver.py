"""The next version of a rule set, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules_export.compare.semver import Content, Level, Reason, order, parsed, proposed, reasons
from rules_export.errors import EmitError
from rules_export.ruleset.model import List, Macro, PluginVersion, Rule, RuleException

RULE = Rule(
    name="Shell",
    condition="evt.type = execve and (proc.name = sh or proc.name = bash)",
    output="x",
    desc="x",
    priority="WARNING",
    tags=("host", "T1059"),
)
BASE = Content(
    (RULE,), (Macro("m", "proc.name = a"),), (List("l", ("a",)),), "0.57.0", (PluginVersion("json", "0.7.0"),)
)


def rule(**changes: object) -> Content:
    return replace(BASE, rules=(replace(RULE, **changes),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("new", "level"),
    [
        (BASE, Level.NONE),
        (replace(BASE, engine="0.50.0"), Level.PATCH),
        (replace(BASE, engine="31"), Level.PATCH),
        (rule(output="y"), Level.PATCH),
        (rule(desc="y"), Level.PATCH),
        (rule(tags=("host", "container", "T1059")), Level.PATCH),
        (rule(priority="ERROR"), Level.PATCH),
        (rule(exceptions=(RuleException("e", "proc.pname", "in", ("cron",)),)), Level.PATCH),
        (replace(BASE, lists=(List("l", ("a", "b")),)), Level.PATCH),
        (replace(BASE, plugins=()), Level.PATCH),
        (replace(BASE, macros=(Macro("m", "(proc.name = a)"),)), Level.NONE),
        (replace(BASE, rules=(RULE, replace(RULE, name="Other"))), Level.MINOR),
        (replace(BASE, macros=(*BASE.macros, Macro("n", "proc.name = b"))), Level.MINOR),
        (replace(BASE, lists=(*BASE.lists, List("k"))), Level.MINOR),
        (replace(BASE, engine="0.58.0"), Level.MINOR),
        (replace(BASE, plugins=(PluginVersion("json", "0.7.1"),)), Level.MINOR),
        (replace(BASE, plugins=(*BASE.plugins, PluginVersion("container", "0.2.0"))), Level.MINOR),
        (rule(name="Shells"), Level.MAJOR),
        (replace(BASE, rules=()), Level.MAJOR),
        (replace(BASE, macros=()), Level.MAJOR),
        (replace(BASE, lists=()), Level.MAJOR),
        (rule(source="k8s_audit"), Level.MAJOR),
        (rule(enabled=False), Level.MAJOR),
        (rule(tags=("host",)), Level.MAJOR),
        (rule(priority="NOTICE"), Level.MAJOR),
        (replace(BASE, macros=(Macro("m", "proc.name = b"),)), Level.MAJOR),
        (rule(condition="evt.type = execve and proc.name = zsh"), Level.MAJOR),
        (rule(condition=RULE.condition + " and user.uid = 0"), Level.MAJOR),
    ],
)
def test_it_asks_for_the_level_of_the_ecosystem(new, level):
    assert max((one.level for one in reasons(BASE, new)), default=Level.NONE) == level


@pytest.mark.parametrize(
    ("before", "after", "level"),
    [
        ("proc.name in (a)", "proc.name in (a, b)", Level.PATCH),
        ("proc.name in (a, b)", "proc.name in (a)", Level.MAJOR),
        ("proc.name = a or proc.name = b", "proc.name = a or proc.name = b or proc.name = c", Level.PATCH),
        ("proc.name = a and user.uid = 0", "proc.name = a", Level.PATCH),
    ],
)
def test_it_knows_whether_a_rule_matches_more_or_less(before, after, level):
    old, new = (Content((replace(RULE, condition=text),)) for text in (before, after))
    assert [one.level for one in reasons(old, new)] == [level]


def test_it_enables_with_a_patch():
    off = rule(enabled=False)
    assert [one.level for one in reasons(off, BASE)] == [Level.PATCH]


def test_it_minds_the_order_in_which_rules_match():
    other = replace(RULE, name="Other")
    found = reasons(replace(BASE, rules=(RULE, other)), replace(BASE, rules=(other, RULE)))
    assert [(one.level, one.item) for one in found] == [(Level.MAJOR, "")]


def test_it_tells_every_reason_the_highest_first():
    found = reasons(BASE, rule(output="y", enabled=False, tags=("host", "T1059", "T1490")))
    assert [one.level for one in found] == [Level.MAJOR, Level.PATCH, Level.PATCH]
    assert {one.item for one in found} == {"Shell"}
    assert found[0].says == "The rule is disabled."


@pytest.mark.parametrize(
    ("previous", "level", "version"),
    [
        ("", Level.NONE, "1.0.0"),
        ("1.2.3", Level.NONE, "1.2.3"),
        ("1.2.3", Level.PATCH, "1.2.4"),
        ("1.2.3", Level.MINOR, "1.3.0"),
        ("1.2.3", Level.MAJOR, "2.0.0"),
        ("2.0.0-rc.1", Level.PATCH, "2.0.0"),
    ],
)
def test_it_proposes_the_version(previous, level, version):
    assert proposed(previous, [Reason(level, "", "")]) == version


def test_it_sorts_versions_as_semver_does():
    versions = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.2.0", "1.10.0"]
    assert sorted(set(versions), key=order) == versions


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3+x", "1.2.3\n", "9" * 10 + ".0.0"]
)
def test_it_refuses_what_is_no_version(text):
    with pytest.raises(EmitError, match="no semantic version"):
        parsed(text)
