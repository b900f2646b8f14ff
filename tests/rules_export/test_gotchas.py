"""Small cases that surprise people, with the verdict that the real engine gave on each.

The numbers are those of the list from which they were taken; a row says what Falco answers: the code of its error (None
where it loads the files) and the codes of its warnings, without their common beginning.
"""

# A row of a table stays on its line.
# ruff: noqa: E501

from __future__ import annotations

import pytest

from rules_export.verdict import validate

DESC = "  desc: d\n  output: seen\n  priority: INFO\n"
LISTS = {
    "A": "- list: A\n  items: [ssh, scp]\n",
    "B": "- list: B\n  items: [A, rsync]\n",
    "C": "- list: C\n  items: [B, ftp]\n",
}
FINE = f"- rule: probe\n  condition: evt.type=openat\n{DESC}"


def when(clause, more=""):
    """A rule with a clause behind the event's type, and more keys."""
    return f"- rule: probe\n  condition: >-\n    evt.type=openat and {clause}\n{DESC}{more}"


def saying(output, condition="evt.type=openat"):
    """A rule with an output."""
    return f"- rule: probe\n  condition: '{condition}'\n  desc: d\n  output: {output}\n  priority: INFO\n"


def items(name, text):
    return f"- list: {name}\n  items: {text}\n"


def macro(name, condition):
    return f"- macro: {name}\n  condition: {condition}\n"


def excepting(exception):
    return when("proc.pid=1", f"  exceptions: [{exception}]\n")


def again(keys):
    return f"- rule: probe\n  {keys}\n"


CONDITION, STRUCTURE, OBJECTS, OUTPUT = (
    "ERR_COMPILE_CONDITION",
    "ERR_YAML_VALIDATE",
    "ERR_VALIDATE",
    "ERR_COMPILE_OUTPUT",
)
OLD, UNKNOWN_KEY, HINT, MANY = "DEPRECATED_ITEM", "UNKNOWN_KEY", "COMPILE_CONDITION", "NO_EVTTYPE"
M1 = macro("m1", "m2")
M2 = macro("m2", "proc.name=a")
KNOWN = excepting("{name: e, fields: proc.name, values: [a]}")

ROWS = [
    (1, LISTS["A"] + LISTS["B"] + LISTS["C"] + when("proc.name in (C)"), None, []),
    (2, LISTS["C"] + LISTS["B"] + LISTS["A"] + when("proc.name in (C)"), None, []),
    (3, when("proc.name in (ghost_list)"), None, []),
    (4, when("late_m") + macro("late_m", "proc.name=a"), None, []),
    (5, M1 + M2 + when("m1"), OBJECTS, []),
    (6, M1 + M2 + when("m1") + M1, None, []),
    (7, macro("loop_m", "proc.name=a") + macro("loop_m", "or loop_m\n  override: {condition: append}") + when("loop_m"), OBJECTS, []),
    (8, macro("m", "no.such=1"), None, ["UNUSED_MACRO"]),
    (9, macro("m", "maybe"), OBJECTS, []),
    (10, macro("my-mac", "proc.name=a"), None, ["INVALID_MACRO_NAME", "UNUSED_MACRO"]),
    (11, items("nets", "['k=v']") + when("proc.name in (nets)"), CONDITION, []),
    (12, items("w", "[curl]") + when("proc.cmdline contains 'run w fast'"), None, []),
    (13, items("w", "[curl, wget]") + when("proc.name = w"), CONDITION, []),
    (14, items("none", "[]") + when("proc.name in (a, none, b)"), None, []),
    (15, "- {list: dup, items: [p], items: [q]}\n", None, ["UNUSED_LIST"]),
    (16, items("l", "[p]\n  rule: r"), None, [UNKNOWN_KEY, "UNUSED_LIST"]),
    (17, items("a", "[p]").replace("- list", "- &a\n  list") + "- list: b\n  <<: *a\n", STRUCTURE, []),
    (18, "# nothing\n# at all\n", None, []),
    (19, "rule: x\n", STRUCTURE, []),
    (20, "- required_engine_version: 0.63.1\n", OBJECTS, []),
    (21, "- required_engine_version: 12\n", None, []),
    (22, "- required_engine_version: 0.31\n", STRUCTURE, []),
    (23, FINE.replace("INFO", "warn"), STRUCTURE, []),
    (24, FINE.replace("INFO", "info"), None, []),
    (25, FINE + "  enabled: 0\n", STRUCTURE, []),
    (26, when("no.such=1", "  skip_if_unknown_filter: true\n"), CONDITION, [UNKNOWN_KEY]),
    (27, when("no.such=1", "  skip-if-unknown-filter: true\n"), None, ["UNKNOWN_FILTER"]),
    (28, when("evt.arg.nothere=1", "  skip-if-unknown-filter: true\n"), CONDITION, []),
    (29, f"- rule: probe\n  condition: ((\n  source: weird_src\n{DESC}", None, ["UNKNOWN_SOURCE"]),
    (30, FINE + again("enabled: false"), None, [OLD]),
    (31, "- rule: ghost\n  enabled: true\n", OBJECTS, [OLD]),
    (32, FINE + again("output: x\n  append: true"), OBJECTS, [OLD]),
    (33, FINE + again("condition: or proc.pid=1\n  priority: INFO\n  override: {condition: append}"), STRUCTURE, []),
    (34, FINE + again("priority: INFO\n  override: {priority: append}"), STRUCTURE, []),
    (35, FINE + "  override: replace\n", None, []),
    (36, "- rule: ghost\n  desc: x\n  override: {desc: replace}\n", OBJECTS, []),
    (37, items("l", "[a]\n  override: {items: replace}"), None, ["UNUSED_LIST"]),
    (38, excepting("{name: e, fields: proc.name, comps: '=', values: [a]}"), OBJECTS, []),
    (39, excepting("{name: e, fields: [proc.name], values: [a]}"), OBJECTS, []),
    (40, excepting("{name: e, fields: [proc.name, fd.name], comps: [in, '='], values: [[two words, /x]]}"), CONDITION, []),
    (41, excepting("{name: e, fields: [proc.name], values: [[[a, b]]]}"), CONDITION, []),
    (42, excepting("{name: e, fields: proc.name}"), None, []),
    (43, excepting("{name: same, fields: proc.name, values: [a]}, {name: same, fields: fd.name, values: [b]}"), None, ["EXCEPTION_NAME_NOT_UNIQUE"]),
    (44, KNOWN + again("exceptions: [{name: e, value: [b]}]\n  append: true"), None, ["APPEND_NO_VALUES", OLD]),
    (45, KNOWN + again("exceptions: [{name: e, fields: proc.name, values: [b]}]\n  override: {exceptions: replace}"), CONDITION, []),
    (46, f"- rule: probe\n  condition: evt.type=openat or(proc.name=a) and proc.name=b\n{DESC}", CONDITION, []),
    (47, f"- rule: probe\n  condition: evt.type=openat AND proc.name=a\n{DESC}", CONDITION, []),
    (48, when(r'proc.name="a\\"'), CONDITION, []),
    (49, when(r'proc.name in ("\q")'), None, []),
    (50, when(r'proc.name in (ok, "\q")'), CONDITION, []),
    (51, when("proc.pid = 0x1f"), CONDITION, []),
    (52, when("fd.sport = 70001"), None, []),
    (53, when("evt.is_open_write = True"), CONDITION, []),
    (54, when("fd.snet = 10.1.2.3"), CONDITION, []),
    (55, when(r"proc.name regex '\\d+'"), CONDITION, []),
    (56, when("proc.name regex kworker"), None, [HINT]),
    (57, when("proc.name = fd.name"), None, [HINT]),
    (58, when("fd.types = file"), CONDITION, []),
    (59, when("proc.name=" + "a" * 256), CONDITION, []),
    (59, when("proc.name=" + "a" * 255), None, []),
    (60, when("evt.type startswith open_by"), CONDITION, []),
    (61, f"- rule: probe\n  condition: evt.type glob openat\n{DESC}", None, [MANY]),
    (62, f"- rule: probe\n  condition: not evt.type in (openat)\n{DESC}", None, [MANY]),
    (63, f"- rule: probe\n  condition: evt.num = 0\n{DESC}", None, []),
    (65, saying("'100%% sure'"), OUTPUT, []),
    (66, saying("'%user.nameless'"), None, []),
    (67, saying("'%container.info'"), OUTPUT, [OLD]),
    (68, saying("see evt.dir"), None, [OLD]),
    (69, saying("seen", "evt.type=openat and evt.dir = >"), None, [OLD]),
    (70, "- rule: probe\n  condition: evt.type=openat\n  desc: d\n  output: 'seen\n  priority: INFO\n", STRUCTURE, []),
]  # fmt: skip


def verdicts(*contents):
    return validate([(f"f{number}.yaml", content) for number, content in enumerate(contents, 1)])


@pytest.mark.parametrize(("number", "text", "error", "warnings"), ROWS, ids=[f"row {row[0]}" for row in ROWS])
def test_it_is_not_surprised(number, text, error, warnings):
    result = verdicts(text).results[0]
    assert (result.errors[0].code[5:] if result.errors else None) == error
    assert sorted(one.code[5:] for one in result.warnings) == sorted(warnings)


def test_it_has_every_row():
    assert {row[0] for row in ROWS} | {64, 71, 72} == set(range(1, 73))


@pytest.mark.parametrize(
    ("number", "text", "fatal"),
    [
        (64, FINE.replace("evt.type=openat", "tolower(evt.type) = openat"), "Runtime error"),
        (72, "- required_plugin_versions: [{name: nosuch, version: 1.0.0}]\n", "Plugin requirement not satisfied"),
    ],
)
def test_it_gives_no_verdict_where_there_is_none(number, text, fatal):
    verdict = verdicts(text)
    assert (verdict.exit_code, verdict.results) == (1, ())
    assert fatal in (verdict.fatal or "")


def test_it_fails_the_second_file_for_the_first():
    """Row 71."""
    verdict = verdicts(when("no.such=1"), FINE.replace("probe", "two"))
    assert [result.errors[0].code for result in verdict.results] == ["LOAD_ERR_COMPILE_CONDITION"] * 2
    assert verdict.exit_code == 1


@pytest.mark.parametrize(("number", "order", "matching"), [(1, "ABC", {"A", "rsync", "ftp"}), (2, "CBA", {"ssh", "scp", "rsync", "ftp"})])  # fmt: skip
def test_it_flattens_lists_by_their_order(number, order, matching):
    """Rows 1 and 2: what the list holds in the end, asked by its values."""
    from rules_export.evaluation import match_many
    from rules_export.verdict.compiling import trees
    from rules_export.verdict.loading import Load

    load = Load()
    load.add("f", "".join(LISTS[name] for name in order) + when("proc.name in (C)"))
    names = ["A", "B", "C", "ssh", "scp", "rsync", "ftp"]
    assert load.compilation is not None
    found = match_many(
        [trees(load.compilation)["probe"]], [{"evt.type": "openat", "proc.name": name} for name in names]
    )
    assert {names[index] for index in found[0]} == matching
