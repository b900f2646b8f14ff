"""Falco's verdict on rules files: the rows are verdicts of the real engine on small cases."""

# A row of a table stays on its line.
# ruff: noqa: E501

from __future__ import annotations

import json

import pytest

from rules_export.verdict import as_json, as_text, load_ruleset, validate

PROBE = "- rule: probe\n  desc: d\n  condition: evt.type=openat and {}\n  output: seen\n  priority: INFO\n"


def rule(**keys):
    """A whole rule as YAML; None leaves a key out."""
    base = {"rule": "probe", "desc": "d", "condition": "evt.type=openat", "output": "seen", "priority": "INFO"}
    lines = [f"{key.replace('_', '-') if key.startswith('skip') else key}: {value}"
             for key, value in {**base, **keys}.items() if value is not None]  # fmt: skip
    return "- " + "\n  ".join(lines) + "\n"


def codes(text, plugins="container"):
    """The first error's code, and those of the warnings, for the last of the files in `text`."""
    files = [text] if isinstance(text, str) else text
    verdict = validate([(f"{number}.yaml", content) for number, content in enumerate(files)], plugins)
    assert verdict.fatal is None
    result = verdict.results[-1]
    return (result.errors[0].code[5:] if result.errors else None), sorted(one.code[5:] for one in result.warnings)


LISTS = "- list: shells\n  items: [ash, bash]\n"

CASES = [
    ("two levels of lists, in order", "- list: a\n  items: [x]\n- list: b\n  items: [a]\n" + PROBE.format("proc.name in (b)"), None, []),
    ("empty items that a list begins with", "- list: l\n  items: ['', '', x]\n" + PROBE.format("proc.name in (a, l)"), None, []),
    ("a list of empty items alone", "- list: l\n  items: ['', '']\n" + PROBE.format("proc.name in (a, l)"), None, []),
    ("an empty item that a list ends with", "- list: l\n  items: [x, '']\n" + PROBE.format("proc.name in (a, l)"), "ERR_COMPILE_CONDITION", []),
    ("an unknown list is a literal", PROBE.format("proc.name in (ghost_list)"), None, []),
    ("a rule may call a later macro", PROBE.format("late") + "- macro: late\n  condition: proc.name=a\n", None, []),
    ("a macro may not", "- macro: m\n  condition: n\n- macro: n\n  condition: proc.name=a\n" + PROBE.format("m"), "ERR_VALIDATE", []),
    ("unless it is touched later", "- macro: m\n  condition: n\n- macro: n\n  condition: proc.name=a\n- macro: m\n  condition: n\n" + PROBE.format("m"), None, []),
    ("an unused macro is not compiled", "- macro: m\n  condition: no.such=1\n", None, ["UNUSED_MACRO"]),
    ("but resolved", "- macro: m\n  condition: maybe\n", "ERR_VALIDATE", []),
    ("a name that no condition can call", "- macro: my-mac\n  condition: proc.name=a\n", None, ["INVALID_MACRO_NAME", "UNUSED_MACRO"]),
    ("a list with a blank in its name", "- list: a b\n  items: []\n", None, ["INVALID_LIST_NAME", "UNUSED_LIST"]),
    ("the first of two keys", "- list: dup\n  items: [p]\n  items: {}\n", None, ["UNUSED_LIST"]),
    ("list before rule", "- list: l\n  items: []\n  rule: r\n", None, ["UNKNOWN_KEY", "UNUSED_LIST"]),
    ("merge keys do not merge", "- list: a\n  items: &x [p]\n- list: b\n  <<: *x\n", "ERR_YAML_VALIDATE", []),
    ("only comments", "# nothing\n", None, []),
    ("a mapping is no rules file", "rule: x\n", "ERR_YAML_VALIDATE", []),
    ("nor is a text", "x\n", "ERR_YAML_VALIDATE", []),
    ("null items are skipped", "-\n- ~\n" + PROBE.format("proc.pid=1"), None, []),
    ("an element that is a text", "- x\n", "ERR_YAML_VALIDATE", []),
    ("a nameless item", "- {}\n", None, ["UNKNOWN_ITEM"]),
    ("an engine too new", "- required_engine_version: 0.63.1\n", "ERR_VALIDATE", []),
    ("an engine by its number", "- required_engine_version: 0x1f\n", None, []),
    ("half a version", "- required_engine_version: 0.31\n", "ERR_YAML_VALIDATE", []),
    ("a priority that is none", rule(priority="warn"), "ERR_YAML_VALIDATE", []),
    ("a truth value that is none", rule(enabled="0"), "ERR_YAML_VALIDATE", []),
    ("a key misspelt", rule(condition="evt.type=open and no.such=1", skip_x="true"), "ERR_COMPILE_CONDITION", ["UNKNOWN_KEY"]),
    ("skipped quietly", rule(condition="evt.type=open and no.such=1", skip_if_unknown_filter="true"), None, ["UNKNOWN_FILTER"]),
    ("not every error is skipped", rule(condition="evt.type=open and evt.arg.nothere=1", skip_if_unknown_filter="true"), "ERR_COMPILE_CONDITION", []),
    ("an unknown source skips the checks", rule(source="weird", condition="(("), None, ["UNKNOWN_SOURCE"]),
    ("switched off", rule() + "- rule: probe\n  enabled: false\n", None, ["DEPRECATED_ITEM"]),
    ("nothing to switch", "- rule: ghost\n  enabled: true\n", "ERR_VALIDATE", ["DEPRECATED_ITEM"]),
    ("append without anything", rule() + "- rule: probe\n  output: x\n  append: true\n", "ERR_VALIDATE", ["DEPRECATED_ITEM"]),
    ("append to nothing", "- rule: ghost\n  condition: x\n  append: true\n", "ERR_VALIDATE", ["DEPRECATED_ITEM"]),
    ("a stray key beside an override", rule() + "- rule: probe\n  condition: or x\n  priority: INFO\n  override: {condition: append}\n", "ERR_YAML_VALIDATE", []),
    ("no appending to a priority", rule() + "- rule: probe\n  priority: INFO\n  override: {priority: append}\n", "ERR_YAML_VALIDATE", []),
    ("an override that is a text", rule(override="replace"), None, []),
    ("an override that is a sequence", rule(override="[desc]"), "ERR_VALIDATE", []),
    ("an operation that is a sequence", rule() + "- rule: probe\n  desc: x\n  override: {desc: [a]}\n", "ERR_VALIDATE", []),
    ("replacing what is not there", "- rule: ghost\n  desc: x\n  override: {desc: replace}\n", "ERR_VALIDATE", []),
    ("replacing a list that is not there defines it", LISTS + "  override: {items: replace}\n", None, ["UNUSED_LIST"]),
    ("append and replace together", rule() + "- rule: probe\n  condition: and proc.pid=1\n  desc: x\n  override: {condition: append, desc: replace}\n", None, []),
    ("redefined with another source", rule() + rule(source="other"), "ERR_VALIDATE", []),
    ("a broken rule redefined", rule(condition="((") + rule(), None, []),
    ("the condition of a rule that is switched off", rule(condition="((", enabled="false"), "ERR_COMPILE_CONDITION", []),
    ("a condition of one word that is no macro", rule(condition="not"), "ERR_VALIDATE", []),
    ("an output that is empty at the end", rule(output="'%container.info'"), "ERR_COMPILE_OUTPUT", ["DEPRECATED_ITEM"]),
    ("a deprecated field in an output's text", rule(output="see evt.dir"), None, ["DEPRECATED_ITEM"]),
    ("a quote that never ends", rule(output="'seen"), "ERR_YAML_VALIDATE", []),
    ("a complex key", "- rule: a\n  ? [b]\n  : c\n", "ERR_YAML_PARSE", []),
    ("a broken document behind a null one", "- list: a\n  items: []\n---\n---\n{", None, ["UNUSED_LIST"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "error", "warnings"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_it_judges_as_falco_does(text, error, warnings):
    assert codes(text) == (error and f"{error}", warnings)


EXCEPTIONS = [
    ("single, comps by default", "{name: e, fields: proc.name, values: [a, two words]}", None),
    ("single with =", "{name: e, fields: proc.name, comps: =, values: [a]}", "ERR_VALIDATE"),
    ("single with a modifier", "{name: e, fields: proc.name, comps: ' startswith oneof ', values: [a]}", None),
    ("two blanks in a modifier", "{name: e, fields: proc.name, comps: startswith  oneof, values: [a]}", "ERR_VALIDATE"),
    ("single with a list of comps", "{name: e, fields: proc.name, comps: [in], values: [a]}", "ERR_VALIDATE"),
    ("single with a list as value", "{name: e, fields: proc.name, values: [[a]]}", "ERR_VALIDATE"),
    ("tuple with a text as row", "{name: e, fields: [proc.name], values: [a]}", "ERR_VALIDATE"),
    ("tuple, comps by default", "{name: e, fields: [proc.name, fd.name], values: [[a, b c]]}", None),
    ("tuple, a list under =", "{name: e, fields: [proc.name], values: [[[a, b]]]}", "ERR_COMPILE_CONDITION"),
    ("tuple, blanks under in", "{name: e, fields: [proc.name], comps: [in], values: [[two words]]}", "ERR_COMPILE_CONDITION"),
    ("tuple, a list under in", "{name: e, fields: [proc.name], comps: [in], values: [[[two words, a]]]}", None),
    ("tuple, a null that a list begins with", "{name: e, fields: [proc.name], comps: [in], values: [[[~, a]]]}", None),
    ("tuple, a null that a list ends with", "{name: e, fields: [proc.name], comps: [in], values: [[[a, ~]]]}", "ERR_COMPILE_CONDITION"),
    ("tuple, too few comps", "{name: e, fields: [proc.name, fd.name], comps: [=], values: [[a, b]]}", "ERR_VALIDATE"),
    ("tuple, no operator", "{name: e, fields: [proc.name], comps: [is], values: [[a]]}", "ERR_VALIDATE"),
    ("no such field", "{name: e, fields: proc.nme, values: [a]}", "ERR_VALIDATE"),
    ("a transformer", "{name: e, fields: tolower(proc.name), values: [a]}", None),
    ("a transformer of the wrong type", "{name: e, fields: tolower(proc.pid), values: [a]}", "ERR_VALIDATE"),
    ("a field that Falco chokes on", "{name: e, fields: evt.arg.zzz, values: [a]}", "ERR_VALIDATE"),
    ("no fields", "{name: e, fields: ~, values: [a]}", "ERR_VALIDATE"),
    ("no values", "{name: e, fields: proc.name}", None),
    ("values that are null", "{name: e, fields: proc.name, values: ~}", "ERR_YAML_VALIDATE"),
    ("an empty value", "{name: e, fields: proc.name, values: ['']}", "ERR_YAML_VALIDATE"),
    ("a quote in a value", "{name: e, fields: proc.name, values: ['a\"']}", "ERR_COMPILE_CONDITION"),
    ("no name", "{fields: proc.name}", "ERR_YAML_VALIDATE"),
    ("no mapping", "e", "ERR_YAML_VALIDATE"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "error"), [row[1:] for row in EXCEPTIONS], ids=[row[0] for row in EXCEPTIONS])
def test_it_judges_exceptions_as_falco_does(text, error):
    assert codes(rule(exceptions=f"[{text}]"))[0] == error


def test_it_keeps_replaced_comps_as_falco_does_by_accident():
    first = rule(exceptions="[{name: e, fields: [proc.name, fd.name], comps: [=, in], values: [[a, b]]}]")
    second = "- rule: probe\n  exceptions: [{name: n, fields: [proc.name, fd.name], values: [[a, [b, c]]]}]\n"
    assert codes(first + second + "  override: {exceptions: replace}\n") == (None, [])


def test_it_refuses_what_falco_crashes_on():
    second = "- rule: probe\n  exceptions: [{name: n, fields: [proc.name], values: [[a]]}]\n  override: {exceptions: replace}\n"
    verdict = validate([("a", rule() + second)])
    assert (verdict.exit_code, verdict.results) == (1, ())
    assert "replaced without comps" in (verdict.fatal or "")


@pytest.mark.parametrize(
    ("text", "exit_code", "fatal"),
    [
        (rule(override="[]"), 134, "JSON value is not an object."),
        (rule(condition="tolower(evt.type)=open"), 1,
         "Runtime error: event code search does not support `evt.type` checks with transformers. Exiting."),
        ("- required_plugin_versions: [{name: nope, version: 0.1.0, alternatives: [{name: non, version: 1.0.0}]}]\n", 1,
         "Error: Plugin requirement not satisfied, must load one of: nope (>= 0.1.0), non (>= 1.0.0)"),
        ("- required_plugin_versions: [{name: container, version: 1.0.0}]\n", 1,
         "Error: Plugin 'container' version '0.7.1' is not compatible with required plugin version '1.0.0'"),
    ],
)  # fmt: skip
def test_it_gives_no_verdict_where_falco_gives_none(text, exit_code, fatal):
    verdict = validate([("a", text)])
    assert (verdict.exit_code, verdict.fatal, verdict.results) == (exit_code, fatal, ())


def test_it_repeats_compile_errors_until_a_later_file_repairs_them():
    broken, fine = rule(condition="no.such=1"), rule(rule="two")
    repair = "- rule: probe\n  condition: evt.type=open\n  override: {condition: replace}\n"
    verdict = validate([("a", broken), ("b", fine), ("c", repair), ("d", "- x\n"), ("e", fine)])
    assert [result.successful for result in verdict.results] == [False, False, True, False, True]
    assert verdict.results[1].errors[0].context.file.name == "a"
    assert verdict.exit_code == 1


def test_it_compiles_what_stood_before_a_readers_error_with_the_next_file():
    assert codes([rule(condition="no.such=1") + "- x\n", ""])[0] == "ERR_COMPILE_CONDITION"


def test_it_goes_on_behind_the_first_error():
    rules = rule(rule="a", condition="no.such=1") + rule(rule="b", output="'%'") + rule(rule="c", condition="bad")
    text = "- macro: bad\n  condition: ((\n" + rules
    errors = validate([("a", text)]).results[0].errors
    assert [(error.code, error.further) for error in errors] == [
        ("LOAD_ERR_COMPILE_CONDITION", False), ("LOAD_ERR_COMPILE_CONDITION", True), ("LOAD_ERR_COMPILE_OUTPUT", True),
    ]  # fmt: skip


def test_it_orders_warnings_as_falco_does():
    text = ("- macro: unused\n  condition: evt.dir=<\n- list: spare\n  items: []\n"
            + rule(condition="evt.dir = < and proc.name regex abc", output="at evt.latency.s", rule="x", extra="1"))  # fmt: skip
    found = [(one.code[5:], one.deprecated_field) for one in validate([("a", text)]).results[0].warnings]
    assert found == [
        ("UNKNOWN_KEY", None), ("DEPRECATED_ITEM", "evt.latency"), ("DEPRECATED_ITEM", "evt.latency.s"),
        ("DEPRECATED_ITEM", "evt.dir"), ("COMPILE_CONDITION", None), ("NO_EVTTYPE", None), ("UNUSED_MACRO", None),
        ("UNUSED_LIST", None),
    ]  # fmt: skip


def test_it_reports_as_falco_does():
    text = "- macro: m\n  condition: proc.nme = 1\n" + rule(condition="evt.type = open and m")
    verdict = validate([("rules.yaml", text)])
    report = json.loads(as_json(verdict))["falco_load_results"][0]
    assert (report["name"], report["successful"], report["schema_valid"]) == ("rules.yaml", False, "ok")
    (error,) = report["errors"]
    assert error["codedesc"] == "Error compiling condition"
    assert [place["item_type"] for place in error["context"]["locations"]] == [
        "rules content", "rule", "rule condition", "condition expression",
    ]  # fmt: skip
    assert error["context"]["locations"][-1]["position"] == {
        "name": '"evt.type = open a..."', "line": 5, "column": 14, "offset": 74,
    }  # fmt: skip
    assert error["context"]["snippet"].startswith("evt.type = open and m\n")
    assert list(report) == sorted(report)


def test_it_shows_the_line_and_a_caret():
    text = as_text(validate([("a.yaml", "- macro: m\n  condition: ''\n")]))
    assert text.startswith("a.yaml: Invalid\n1 Errors:\nIn rules content: (a.yaml:0:0)\n    macro 'm': (a.yaml:0:2)\n")
    assert "\n  condition: ''\n             ^\n------\nLOAD_ERR_YAML_VALIDATE (" in text


def test_it_cuts_long_lines_in_snippets():
    text = as_text(validate([("a", rule(condition="evt.type=open and (" + "x" * 500))]))
    assert "\n..." in text


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("", None), ("{", None), (rule(), True), (rule(priority="info"), False), (rule(enabled="yes"), False),
        (rule(tags="{}"), True), (rule(extra="1"), False), (rule(desc="~"), False), (rule(desc="x\n  desc: y"), False),
        (rule(exceptions="[{fields: proc.name}]"), False), ("- list: a\n  items: [1, a]\n", True), ("x\n", False),
        (rule(override="{}"), False), (rule(capture_duration="5x"), False), (rule(capture_duration="5"), True),
    ],
)  # fmt: skip
def test_it_holds_files_against_the_schema(text, valid):
    result = validate([("a", text)]).results[0]
    assert result.schema_valid is valid
    assert bool(result.schema_warnings) == (valid is False)


def test_it_says_which_item_and_key_the_schema_refuses():
    text = rule() + rule(priority="info", extra="1", rule="b")
    report = json.loads(as_json(validate([("a", text)])))["falco_load_results"][0]
    assert sorted(report["schema_warnings"]) == [
        "item 1: the schema has no key extra", "item 1: the value of priority does not fit",
    ]  # fmt: skip


def test_it_gives_what_the_files_define():
    files = [("a", LISTS + rule(tags="[b, a, b]")), ("b", "- rule: probe\n  tags: [c]\n  override: {tags: append}\n")]
    ruleset, verdict = load_ruleset(files)
    assert verdict.exit_code == 0
    assert ruleset.rule("probe").tags == ("b", "a", "c")
    assert [(one.name, one.items) for one in ruleset.lists] == [("shells", ("ash", "bash"))]


def test_it_knows_no_other_plugin_sets():
    with pytest.raises(ValueError, match="unknown plugin set 'some'"):
        validate([], "some")


def test_it_lets_rules_of_a_plugin_source_use_its_fields():
    text = rule(source="okta", condition="okta.actor.name = a", output="by %okta.actor.name")
    assert codes(text, "all") == (None, [])
    assert codes(text) == (None, ["UNKNOWN_SOURCE"])
