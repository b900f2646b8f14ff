"""The fixes of the studio's lints: what they make of a rule, and that a safe one changes nothing that Falco does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from rules_export.catalog.fields import FieldInfo, all_fields
from rules_export.errors import ConditionError, ConditionSyntaxError
from rules_export.evaluation import compile_condition
from rules_export.evaluation.matcher import Matcher
from rules_export.falco_checks.event_types import event_codes
from rules_export.findings import Finding
from rules_export.language.extent import text_of
from rules_export.language.parser import parse
from rules_export.lints.explanations import explained
from rules_export.lints.registry import EXAMPLE, EXAMPLE_CONTEXT, Lint, lints
from rules_export.lints.runner import studio_checks
from rules_export.output import template
from rules_export.ruleset.model import Rule
from tests.rules_export.lints.linted import CASES, LIBRARY, repaired

SAFE = frozenset(one.code for one in lints() if one.safe)


@pytest.mark.parametrize("one", lints(), ids=lambda one: one.code)
def test_it_repairs_what_it_offers_to_repair(one: Lint) -> None:
    rule = replace(EXAMPLE, **one.bad)  # type: ignore[arg-type]
    for _ in range(3):
        fixable = [f for f in studio_checks(rule, EXAMPLE_CONTEXT) if f.code == one.code and f.fix is not None]
        if not fixable:
            break
        rule = repaired(rule, fixable[0])
        parse(rule.condition)
    assert not [f for f in studio_checks(rule, EXAMPLE_CONTEXT) if f.code == one.code and f.fix is not None]


@pytest.mark.parametrize("one", [one for one in lints() if one.safe], ids=lambda one: one.code)
def test_a_safe_one_has_a_fix(one: Lint) -> None:
    assert explained(one).fix
    assert explained(one).fixes == "safe"


def test_it_takes_evt_dir_out_of_its_chain() -> None:
    rule = replace(EXAMPLE, condition="evt.type = execveat and (evt.dir = < and proc.name = a) or evt.dir = >")
    found = [one for one in studio_checks(rule, EXAMPLE_CONTEXT) if one.code == "MEWS_FIELD_DEPRECATED"]
    assert [one.fix is not None for one in found] == [True, False]
    assert text_of(rule.condition, found[0].span) == "evt.dir"  # type: ignore[arg-type]
    assert repaired(rule, found[0]).condition == "evt.type = execveat and (proc.name = a) or evt.dir = >"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (
            "(spawned_process) and (proc.name = a) or open_write",
            "((spawned_process) and (proc.name = a)) or open_write",
        ),
        ("open_write or (spawned_process)and proc.name = a", "open_write or ((spawned_process)and proc.name = a)"),
        ("spawned_process and (not (proc.name != a))", "spawned_process and (proc.name = a)"),
    ],
)
def test_it_repairs_across_parentheses(condition: str, expected: str) -> None:
    rule = replace(EXAMPLE, condition=condition)
    codes = ("MEWS_MIXED_WITHOUT_PARENTHESES", "MEWS_DOUBLE_NEGATION")
    first = next(finding for finding in studio_checks(rule, LIBRARY) if finding.code in codes)
    assert repaired(rule, first).condition == expected


@pytest.mark.skipif(not CASES.is_dir(), reason="the conformance cases are not beside this checkout")
def test_its_repairs_leave_a_condition() -> None:
    with (CASES / "conditions.jsonl").open(encoding="utf-8") as lines:
        conditions = [case["condition"] for case in map(json.loads, lines) if case["parse_ok"]][::3]
    repairs = 0
    for condition in conditions:
        rule = replace(EXAMPLE, condition=condition)
        for finding in studio_checks(rule, LIBRARY):
            if finding.fix is not None and finding.place == "condition":
                parse(repaired(rule, finding).condition)
                repairs += 1
    assert repairs > 100


@pytest.mark.skipif(not CASES.is_dir(), reason="the conformance cases are not beside this checkout")
def test_a_safe_repair_changes_nothing_that_fires() -> None:
    """Over the conditions and events with which Falco's own answers were taken."""
    events = [json.loads(line) for line in (CASES / "events.jsonl").read_text(encoding="utf-8").splitlines()][::20]
    tried = 0
    for line in (CASES / "eval_conditions.jsonl").read_text(encoding="utf-8").splitlines()[::4]:
        rule = replace(EXAMPLE, condition=json.loads(line)["condition"])
        for finding in studio_checks(rule, LIBRARY):
            if finding.code in SAFE and finding.fix is not None and finding.place == "condition":
                before, after = (firing(one, events) for one in (rule, repaired(rule, finding)))
                assert before == after, (finding.code, rule.condition)
                tried += 1
    assert tried > 10


def firing(rule: Rule, events: list[dict[str, Any]]) -> list[bool]:
    condition = compile_condition(LIBRARY.whole(parse(rule.condition), LIBRARY.whole_macros))
    return [condition.matches(event["fields"]) for event in events]


@pytest.mark.parametrize(
    ("condition", "code", "expected"),
    [
        (
            "(spawned_process)\n  and proc.name = rm\n  and (proc.name = rm)\n  and proc.args = x",
            "MEWS_DUPLICATE_CLAUSE",
            "(spawned_process)\n  and proc.name = rm\n  and proc.args = x",
        ),
        (
            "proc.name = rm\n  and spawned_process\n  and proc.args = x",
            "MEWS_EVENT_TYPE_NOT_FIRST",
            "spawned_process and proc.name = rm\n  and proc.args = x",
        ),
        (
            "spawned_process\n  and not proc.pname = ü\n  and (proc.name = rm)",
            "MEWS_EXCLUSION_NOT_LAST",
            "spawned_process\n  and (proc.name = rm) and not proc.pname = ü",
        ),
        (
            "evt.type in (open, openat, openat2) and evt.is_open_write = true\nand fd.typechar = 'f' and fd.num >= 0\n"
            "and fd.name = /x",
            "MEWS_MACRO_FITS",
            "open_write\nand fd.name = /x",
        ),
        ("spawned_process and (proc.name = ü or proc.name = x)", "MEWS_OR_OF_EQUALS", None),
        (
            "proc.args = ' not not a'\nand not not  not (open_write)",
            "MEWS_DOUBLE_NEGATION",
            "proc.args = ' not not a'\nand not (open_write)",
        ),
        (
            "open_write and not (not (proc.name = a or proc.tty = 0))",
            "MEWS_DOUBLE_NEGATION",
            "open_write and (proc.name = a or proc.tty = 0)",
        ),
        (
            "open_write and not(proc.name = a or proc.name = b)and fd.name = /x",
            "MEWS_OR_OF_EQUALS",
            "open_write and not proc.name in (a, b)and fd.name = /x",
        ),
        (
            "(open_write and fd.name = /x)\nor proc.name = a\nor proc.tty = 0\nor(proc.name = b)\nor (proc.tty = 1)",
            "MEWS_OR_OF_EQUALS",
            "(open_write and fd.name = /x)\nor proc.name in (a, b)\nor proc.tty = 0\nor (proc.tty = 1)",
        ),
        ("spawned_process or (open_write)and(open_write)", "MEWS_DUPLICATE_CLAUSE", "spawned_process or (open_write)"),
        (
            "spawned_process and proc.name = a or open_read or open_write and fd.name = /x",
            "MEWS_MIXED_WITHOUT_PARENTHESES",
            "(spawned_process and proc.name = a) or open_read or (open_write and fd.name = /x)",
        ),
    ],
)
def test_it_repairs_in_place(condition: str, code: str, expected: str | None) -> None:
    """What surrounds the change stays as it was written, line ends included."""
    rule = replace(EXAMPLE, condition=condition)
    finding = next(one for one in studio_checks(rule, LIBRARY) if one.code == code)
    assert repaired(rule, finding).condition == (expected or "spawned_process and proc.name in (ü, x)")


@pytest.mark.parametrize(
    ("output", "code", "expected"),
    [
        (
            "A thing | user=%user.name evt=%evt.type user2=%user.name",
            "MEWS_OUTPUT_FIELD_TWICE",
            "A thing | user=%user.name evt=%evt.type",
        ),
        (
            "A thing | %user.name %proc.aname[2]",
            "MEWS_OUTPUT_FIELD_WITHOUT_KEY",
            "A thing | user=%user.name proc_aname_2=%proc.aname[2]",
        ),
        ("A thing | userName=%user.name", "MEWS_OUTPUT_KEY_STYLE", "A thing | user_name=%user.name"),
        ("A thing | file=%fd.name user=%user.name", "MEWS_OUTPUT_FIELD_NOT_OF_EVENT", "A thing | user=%user.name"),
        ("%evt.dir happened", "MEWS_OUTPUT_FIELD_DEPRECATED", None),
    ],
)
def test_it_repairs_outputs(output: str, code: str, expected: str | None) -> None:
    rule = replace(EXAMPLE, output=output)
    finding = next(one for one in studio_checks(rule, LIBRARY) if one.code == code)
    assert (repaired(rule, finding).output if finding.fix else None) == expected


#: Literals that a field of a type may be compared with; the first two go into the conditions.
LITERALS = {
    "CHARBUF": ("a", "ab"), "FSPATH": ("/a", "/ab"), "BOOL": ("true", "false"), "IPADDR": ("10.0.0.1", "10.0.0.2"),
    "IPNET": ("10.0.0.0/8", "192.168.0.0/16"), "PORT": ("22", "443"), "BYTEBUF": ("a", "ab"),
}  # fmt: skip
#: Fields for which Falco has ways of their own.
ODD = (
    "evt.rawarg.fd", "evt.around[1]", "evt.type", "syscall.type", "evt.num", "proc.aname", "proc.apid", "proc.apid[1]",
    "fd.ip", "fd.port", "fd.net", "fd.cnet", "fd.types", "fd.types[1]", "proc.env[app]", "container.label[app]",
)  # fmt: skip
SHAPES = (
    "{F} = {a} or {F} = {b}",
    "{F} in ({a}) or {F} exists or {F} in ({b}, {a})",
    "{F} == {a}",
    "{F} in ({a}, {b}, {a})",
    "{F} pmatch ({a}, {b}, {a})",
    "{F} glob '{a}*'",
    "{F} glob '*{a}*'",
    "{F} glob {a}",
    "tolower({F}) glob {a}",
    "concat({F}, 'a') glob aa",
    "concat({F}, 'a') == aa",
    "{F} = {a} and proc.pname = a and {F} = {a}",
    "not {F} = {a} and {F} = {b} and evt.type = open",
    "proc.pname = a or not {F} = {b} and {F} exists",
)
AROUND = ("{}", "evt.type in (open, openat) and not({})", "proc.pname = a or({})")


def fields() -> Iterator[tuple[str, FieldInfo]]:
    """A field of each kind, as conditions name it, and the odd ones."""
    seen = set()
    for info in all_fields():
        kind = info.type, info.is_list, info.arg
        if kind not in seen or info.name in ODD:
            yield f"{info.name}[1]" if info.arg == "required" else info.name, info
        seen.add(kind)
        yield from ((odd, info) for odd in ODD if odd.startswith((f"{info.name}[", f"{info.name}.fd")))


def events_for(name: str, info: FieldInfo) -> Iterator[dict[str, Any]]:
    """Events in which the field has this value and that, many, or none."""
    values: list[Any] = [*LITERALS.get(info.type, ("1", "2")), "aa", "xa", "A", ""]
    if info.type == "BOOL":
        values = [True, False]
    elif info.type == "IPNET":
        values = ["10.0.0.1", "192.168.0.1"]
    elif info.type not in LITERALS or info.type == "PORT":
        values = [int(text) for text in values[:2]]
    for value in [*values, [], values[:1], values[:2], None]:
        if isinstance(value, list) and not (info.is_list or name in ("proc.aname", "proc.apid")):
            continue
        for parent, kind in (("a", "open"), (None, "execve")):
            event = {"proc.pname": parent, "evt.type": kind, name: value}
            if name in ("fd.ip", "fd.net", "fd.cnet", "fd.port"):
                ends = ("fd.cport", "fd.sport") if name == "fd.port" else ("fd.cip", "fd.sip")
                event |= {ends[0]: value, ends[1]: values[-1] if parent else None}
            yield event


def loaded(condition: str) -> tuple[Matcher, int] | None:
    """The condition made ready with the events that Falco runs it on; None where Falco refuses it."""
    try:
        tree = parse(condition)
        return compile_condition(tree), event_codes(tree)
    except (ConditionError, ConditionSyntaxError):
        return None


def outcomes(matcher: Matcher, events: list[dict[str, Any]]) -> list[object]:
    found: list[object] = []
    for event in events:
        try:
            found.append(matcher.matches(event))
        except Exception as error:
            found.append(type(error))
    return found


def test_a_safe_repair_changes_nothing_for_any_kind_of_field() -> None:
    """Whatever the field holds, also nothing: the same events are looked at, and the same fire."""
    tried: dict[str, int] = {}
    for name, info in fields():
        first, second = LITERALS.get(info.type, ("1", "2"))
        events = list(events_for(name, info))
        for number, shape in enumerate(SHAPES):
            condition = AROUND[number % 3].format(shape.format(F=name, a=first, b=second))
            before = loaded(condition)
            if before is None:
                continue
            for finding in safe_findings(replace(EXAMPLE, condition=condition), "condition"):
                fixed = repaired(replace(EXAMPLE, condition=condition), finding).condition
                after = loaded(fixed)
                assert after is not None, (finding.code, condition, fixed)
                assert after[1] == before[1], (finding.code, condition, fixed)
                assert outcomes(after[0], events) == outcomes(before[0], events), (finding.code, condition, fixed)
                tried[finding.code] = tried.get(finding.code, 0) + 1
    assert set(tried) == {one.code for one in lints() if one.safe and one.place == "condition"} - {
        "MEWS_VALUE_UNQUOTED"
    }


def safe_findings(rule: Rule, place: str) -> list[Finding]:
    return [one for one in studio_checks(rule, LIBRARY) if one.code in SAFE and one.fix and one.place == place]


@pytest.mark.skipif(not CASES.is_dir(), reason="the conformance cases are not beside this checkout")
def test_a_safe_repair_of_an_output_takes_nothing_from_the_alert() -> None:
    cases = map(json.loads, (CASES / "outputs.jsonl").read_text(encoding="utf-8").splitlines())
    outputs = [case["output"] for case in cases if case["error"] is None]
    tried = 0
    for output in [*outputs, *(f"A thing happened | {output} user=%user.name again=%user.name" for output in outputs)]:
        rule = replace(EXAMPLE, condition="evt.type = open and fd.num >= 0 and fd.name = /x", output=output)
        before = set(template.parse(output).fields)
        for finding in safe_findings(rule, "output"):
            assert before <= set(template.parse(repaired(rule, finding).output).fields), (finding.code, output)
            tried += 1
    assert tried > 50


def test_a_safe_repair_of_tags_leaves_the_same_tags() -> None:
    tags = ("T1490", "host", "T1490", "mitre_impact", "Mitre Impact", "PCI_DSS_10.2.5")
    for given in (tags, tags[::-1], (*tags, "one, with a comma", "host")):
        rule = replace(EXAMPLE, tags=given)
        for finding in safe_findings(rule, "tags"):
            assert set(repaired(rule, finding).tags) == set(given), finding.code
