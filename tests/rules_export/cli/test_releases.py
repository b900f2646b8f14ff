"""Rules files held against releases of Falco, and the other way round."""

from __future__ import annotations

import json

import pytest

from rules_export.__main__ import main

RULE = """- rule: Probe
  desc: A probe.
  condition: {condition}
  output: Seen {output}
  priority: NOTICE
"""


@pytest.fixture
def run(tmp_path, capsys):
    """Run a command on one rules file; gives the exit status and what was printed."""

    def with_text(text, *arguments):
        file = tmp_path / "rules.yaml"
        file.write_text(text)
        status = main([arguments[0], str(file), *arguments[1:]])
        return status, capsys.readouterr().out

    return with_text


def probe(condition="evt.type = openat", output="%proc.name", more=""):
    return RULE.format(condition=condition, output=output) + more


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        (
            probe("evt.type = openat and proc.name contains anyof (a, b)"),
            "0.43",
            "modifier anyof exists since Falco 0.44",
        ),
        (probe("evt.type = openat and concat(proc.name, proc.exe) = x"), "0.41", "transformer concat()"),
        (probe("evt.type = openat and proc.name regex 'a.*b'"), "0.38", "operator regex exists since Falco 0.39"),
        (probe("evt.type = openat and proc.pgid = 1"), "0.39", "field proc.pgid exists since Falco 0.40"),
        (probe("evt.type in (openat, uprobe)"), "0.43", "event type uprobe exists since Falco 0.44"),
        (probe(output="%tolower(proc.name)"), "0.37", "transformer tolower()"),
        (probe(more="  capture: true\n"), "0.41", "the key capture"),
        (probe(more="- rule: Probe\n  desc: x\n  override: {desc: append}\n"), "0.36", "override append of desc"),
        ("- required_engine_version: 0.62.0\n" + probe(), "0.42", "asks for engine 0.62.0"),
        ("- list: l\n  items: [uprobe]\n" + probe("evt.type in (l)"), "0.43", "event type uprobe"),
        ("- macro: m\n  condition: proc.pgid = 1\n" + probe("evt.type = openat and m"), "0.39", "field proc.pgid"),
    ],
)
def test_it_names_what_a_release_lacks(run, text, release, said):
    status, printed = run(text, "validate", "--target", release)
    assert status == 1
    assert said in printed
    assert "MEWS_TARGET_MISSING" in printed


def test_it_is_content_where_the_release_knows_everything(run):
    status, printed = run(
        probe("evt.type = openat and proc.name contains anyof (a, b)"), "validate", "--target", "0.44"
    )
    assert status == 0
    assert "knows everything" in printed


def test_it_warns_where_an_older_release_means_something_else(run):
    status, printed = run(probe(), "validate", "--target", "0.41")
    assert status == 0
    assert "MEWS_TARGET_MEANING" in printed
    assert "evt.dir" in printed


def test_it_names_a_missing_key_once(run):
    _, printed = run(probe(more="  capture: true\n"), "validate", "--target", "0.41")
    assert printed.count("the key capture") == 1


def test_it_refuses_a_release_that_never_was(run, capsys):
    status, _ = run(probe(), "validate", "--target", "9.9")
    assert status == 1


def test_it_puts_the_target_into_the_json_report(run):
    status, printed = run(probe("evt.type = openat and proc.pgid = 1"), "validate", "--json", "--target", "0.39")
    report = json.loads(printed)
    assert status == 1
    assert report["falco_load_results"][0]["successful"] is True
    assert report["mews_target"]["falco"] == "0.39"
    assert any("proc.pgid" in one["message"] for one in report["mews_target"]["findings"])


def test_it_infers_the_lowest_engine_and_plugins_with_reasons(run):
    status, printed = run(probe("evt.type = openat and proc.name regex 'a.*b'", "%container.id"), "needs", "--json")
    found = json.loads(printed)
    assert status == 0
    assert [plugin["name"] for plugin in found["plugins"]] == ["container"]
    assert any("regex" in one["reason"] for one in found["reasons"])
    assert found["engine"] == "0.57.0"


@pytest.mark.parametrize("text", ["", "[", "- 1", "a: b", "- rule: x\n  condition: ((\n", "- override: {a: [b]}\n"])
def test_it_survives_files_that_falco_refuses(run, text):
    status, printed = run(text, "needs")
    assert status in (0, 1)
    assert "required_engine_version" in printed
