"""The command line: what people and programs type and get."""

# A row of a table stays on its line.
# ruff: noqa: E501

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from rules_export.__main__ import main
from rules_export.cli.batch import answer, run_batch

RULES = """\
# Ours.
- macro: opened
  condition: evt.type in (open, openat)

- rule: Motd read
  desc: Somebody reads the message of the day.
  condition: opened and fd.name = /etc/motd
  output: read (file=%fd.name)
  priority: NOTICE
"""
EVENTS = '{"evt_id": "e1", "fields": {"evt.type": "open", "fd.name": "/etc/motd"}}\n{"evt_id": 2, "fields": {"evt.type": "close"}}\n'


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    return str(path)


@pytest.fixture
def events(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_text(EVENTS)
    return str(path)


def test_it_validates_files_with_falcos_exit_status(rules, tmp_path, capfdbinary):
    assert main(["validate", rules]) == 0
    assert capfdbinary.readouterr().out == f"{rules}: Ok\n".encode()
    broken = tmp_path / "broken.yaml"
    broken.write_text(RULES.replace("fd.name =", "fd.nme ="))
    assert main(["validate", "--json", rules, str(broken)]) == 1
    report = json.loads(capfdbinary.readouterr().out)
    assert [result["successful"] for result in report["falco_load_results"]] == [True, False]


def test_it_says_why_falco_gives_no_verdict(tmp_path, capfd):
    path = tmp_path / "rules.yaml"
    path.write_text("- required_plugin_versions: [{name: nope, version: 1.0.0}]\n")
    assert main(["validate", str(path)]) == 1
    assert capfd.readouterr().err.startswith("Error: Plugin requirement not satisfied")


def test_it_names_the_file_that_it_cannot_open(capfd):
    assert main(["validate", "/nowhere/rules.yaml"]) == 1
    assert capfd.readouterr().err == "Error: Could not open file /nowhere/rules.yaml for reading\n"


def test_it_matches_rules_and_conditions(rules, events, capfd):
    assert main(["match", rules, events]) == 0
    assert json.loads(capfd.readouterr().out) == {"rule": "Motd read", "matches": ["e1"]}
    assert main(["match", "--condition", "evt.type = close", events]) == 0
    assert json.loads(capfd.readouterr().out) == {"matches": [2]}
    assert main(["match", "--condition", "evt.type =", events]) == 1
    assert "Falco refuses this condition" in capfd.readouterr().err


@pytest.mark.parametrize(("line", "complaint"), [("{", "no JSON"), ("[]", "no object"), ('{"fields": 1}', "no object")])
def test_it_tells_events_that_are_none(tmp_path, capfd, line, complaint):
    path = tmp_path / "events.jsonl"
    path.write_text(EVENTS + line)
    assert main(["match", "--condition", "evt.type = close", str(path)]) == 1
    assert f"event in line 3 is {complaint}" in capfd.readouterr().err


def test_it_renders_templates(events, capfd):
    assert main(["render", "at %fd.name.", events]) == 0
    assert capfd.readouterr().out == "at /etc/motd.\nat <NA>.\n"
    assert main(["render", "at %fd.nme", events]) == 1
    assert "Falco refuses this template" in capfd.readouterr().err


def test_it_lays_files_out(rules, capfdbinary):
    assert main(["format", rules]) == 0
    laid_out = capfdbinary.readouterr().out
    assert laid_out.startswith(b"# Ours.\n- macro: opened\n  condition: >-\n")
    assert main(["format", "--check", rules]) == 1
    assert main(["format", "--write", rules]) == 0
    with open(rules, "rb") as file:
        assert file.read() == laid_out
    assert main(["format", "--check", rules]) == 0


def test_it_answers_requests_in_their_order_and_survives_bad_ones():
    requests = b"\n".join(
        [
            b'{"id": 1, "op": "validate", "files": [{"name": "a", "content": "- {}"}]}',
            b"",
            b"nonsense",
            b'{"id": 2, "op": "zap"}',
            b'["id"]',
            b'{"id": 3, "op": "validate", "files": "a"}',
            b'{"id": 4, "op": "validate", "files": [], "plugins": "none"}',
            b'{"id": 5, "op": "match", "conditions": ["evt.type=open"], "events": [{"evt_id": 1, "fields": {"evt.type": "open"}}]}',
            b'{"id": 6, "op": "condition", "condition": "evt.type=open"}',
            b'{"id": 7, "op": "render", "template": "%fd.name", "event": {"fields": {}}}',
            b"\xff",
        ]
    )
    output = io.BytesIO()
    assert run_batch(io.BytesIO(requests), output) == 0
    answers = [json.loads(line) for line in output.getvalue().splitlines()]
    assert [one["id"] for one in answers] == [1, None, 2, None, 3, 4, 5, 6, 7, None]
    assert ["error" in one for one in answers] == [False, True, True, True, True, True, False, False, False, True]
    assert answers[0]["results"][0]["warnings"][0]["code"] == "LOAD_UNKNOWN_ITEM"
    assert answers[6]["matches"] == [[1]]
    assert answers[8]["rendered"] == "<NA>"


def test_it_writes_any_text_as_ascii():
    request = {"id": "ü", "op": "validate", "files": [{"name": "ü", "content": "- rule: ü\udcff\n"}]}
    got = answer(json.dumps(request).encode())
    assert got["results"][0]["errors"][0]["item_path"][1]["item_name"] == "ü\ufffd"


def test_it_runs_as_a_module(rules):
    done = subprocess.run([sys.executable, "-m", "rules_export", "validate", rules], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"{rules}: Ok\n".encode())


def test_its_facade_imports_nothing_by_itself():
    code = "import sys, rules_export; print(sorted(name for name in sys.modules if name.startswith('rules_export')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['rules_export']"


def test_its_facade_gives_what_it_names():
    import rules_export

    assert callable(rules_export.check)
    assert callable(rules_export.evaluate)
    assert callable(rules_export.load_ruleset)
    assert rules_export.parse_condition("a").name == "a"
    assert rules_export.write.__name__ == "rules_export.write"
    with pytest.raises(AttributeError):
        rules_export.nothing  # noqa: B018


def test_it_tries_rules_on_events_of_their_source_only(tmp_path, capfd):
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        RULES
        + RULES[RULES.index("- rule") :]
        .replace("Motd", "Okta")
        .replace("opened and fd.name = /etc/motd", "evt.num > 0")
        .replace("%fd.name", "x")
        + "  source: okta\n"
    )
    events = tmp_path / "events.jsonl"
    events.write_text(EVENTS + '{"evt_id": "o", "source": "okta", "fields": {"evt.num": 1}}\n')
    assert main(["match", "--plugins", "all", str(rules), str(events)]) == 0
    assert [json.loads(line)["matches"] for line in capfd.readouterr().out.splitlines()] == [["e1"], ["o"]]


def test_it_lints_files_and_leaves_out_what_is_disabled(rules, tmp_path, capfd):
    assert main(["lint", rules]) == 0
    told = capfd.readouterr().out
    assert "Advice MEWS_EVENT_FAMILY" not in told, "the macro's own text is not the rule's"
    assert "Advice MEWS_TAGS_NONE: Motd read (tags): The rule has no tags.\n" in told
    path = tmp_path / "more.yaml"
    path.write_text(RULES.replace("fd.name = /etc/motd", "fd.name = etc/motd and fd.typechar == f"))
    assert main(["lint", "--json", str(path)]) == 1
    found = json.loads(capfd.readouterr().out)
    [path_not_absolute] = [one for one in found if one["code"] == "MEWS_PATH_NOT_ABSOLUTE"]
    assert (path_not_absolute["rule"], path_not_absolute["line"], path_not_absolute["column"]) == ("Motd read", 1, 12)
    assert [one["fix"] for one in found if one["code"] == "MEWS_DOUBLE_EQUALS"] == ["Write ="]
    assert main(["lint", "--disable", "MEWS_PATH_NOT_ABSOLUTE", "--disable", "MEWS_DOUBLE_EQUALS", str(path)]) == 0
    assert "MEWS_DOUBLE_EQUALS" not in capfd.readouterr().out


@pytest.mark.parametrize("code", ["LOAD_NO_EVTTYPE", "MEWS_NO_SUCH"])
def test_it_lets_no_unknown_code_pass_silently(rules, code, capfd):
    assert main(["lint", "--disable", code, rules]) == 1
    assert code in capfd.readouterr().err


def test_it_says_that_only_what_loads_is_linted(tmp_path, capfd):
    path = tmp_path / "broken.yaml"
    path.write_text(RULES.replace("fd.name =", "fd.nme ="))
    assert main(["lint", str(path)]) == 1
    assert "`validate` says why" in capfd.readouterr().err


def test_it_answers_a_lint_request():
    files = [{"name": "rules.yaml", "content": RULES}]
    asked = {"id": 7, "op": "lint", "files": files, "disable": ["MEWS_TAGS_NONE"]}
    told = answer(json.dumps(asked).encode())
    assert told["id"] == 7
    assert "MEWS_TAGS_NONE" not in {one["code"] for one in told["findings"]}
    assert "error" in answer(json.dumps({**asked, "disable": "MEWS_TAGS_NONE"}).encode())
    assert "error" in answer(json.dumps({**asked, "disable": ["x"]}).encode())
