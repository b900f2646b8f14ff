"""Captures: a stand-in program plays Falco and prints alerts of its rules, and events for the comparison."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rules_export.ruleset.model import Rule
from studio.lab import captures
from studio.lab.models import LabRun
from studio.lab.trying import CancelledError
from studio.verdicts import replay

RULES = [
    Rule("Gone", "evt.type = execve and proc.name = rm", "Gone %proc.cmdline", "d", "NOTICE"),
    Rule("Listed", "evt.type = execve and proc.name = ls", "Listed", "d", "NOTICE"),
]
#: Plays Falco: with the lab's own rule it prints all events, else the alerts that ALERTS says.
PLAY = """#!{python}
import json, sys
if "--version" in sys.argv: print("Falco version: 0.45.0"); sys.exit()
rules = open(sys.argv[sys.argv.index("-r") + 1]).read()
assert any(one.startswith("engine.replay.capture_file=") for one in sys.argv)
assert "rule_matching=all" in sys.argv
events = [(1, "rm"), (2, "ls"), (3, "cat")]
say = lambda rule, n, name: print(json.dumps({{"rule": rule, "output": rule, "time": "t", "output_fields":
    {{"evt.num": n, "evt.type": "execve", "proc.name": name}}}}), flush=True)
if "Mews: every event" in rules:
    assert "proc.name" in rules
    for n, name in events: say("Mews: every event", n, name)
else:
    {alerts}
"""
HONEST = 'say("0 Gone", 1, "rm"); say("1 Listed", 2, "ls")'


@pytest.fixture
def play(tmp_path, settings):
    def put(alerts: str = HONEST) -> Path:
        program = tmp_path / "falco"
        program.write_text(PLAY.format(python=sys.executable, alerts=alerts))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        settings.FALCO_BINARY = str(program)
        return program

    return put


def tried(tmp_path, rules=RULES):
    capture = tmp_path / "x.scap"
    capture.write_bytes(b"\x00")
    return captures.try_capture(capture, rules, lambda stage, done: None)


def test_falco_and_our_evaluator_say_the_same(play, tmp_path):
    play()
    found = tried(tmp_path)
    assert (found["alerts"], found["events"], found["complete"]) == (2, 3, True)
    assert [(one["rule"], one["falco"], one["ours"], one["agrees"]) for one in found["rules"]] == [
        ("Gone", 1, 1, True),
        ("Listed", 1, 1, True),
    ]
    assert found["rules"][0]["alerts"][0]["fields"]["proc.name"] == "rm"


def test_falco_is_told_to_replay_as_since_it_lost_its_option_for_captures(tmp_path):
    words = replay.command("falco", tmp_path / "x.scap", tmp_path / "rules.yaml")
    assert words[-2:] == ["-r", str(tmp_path / "rules.yaml")]
    assert "-e" not in words
    assert set(words[1:-2:2]) == {"-o"}
    settings = dict(one.split("=", 1) for one in words[2:-2:2])
    assert settings["engine.kind"] == "replay"
    assert settings["engine.replay.capture_file"] == str(tmp_path / "x.scap")
    wanted = (
        "json_output",
        "json_include_output_property",
        "json_include_output_fields_property",
        "stdout_output.enabled",
    )
    assert {settings[name] for name in wanted} == {"true"}
    assert {settings[name] for name in ("http_output.enabled", "capture.enabled", "webserver.enabled")} == {"false"}


def test_a_disagreement_names_the_events(play, tmp_path):
    play('say("0 Gone", 3, "cat")')
    gone, listed = tried(tmp_path)["rules"]
    assert (gone["agrees"], gone["only_falco"], gone["only_ours"]) == (False, [3], [1])
    assert (listed["agrees"], listed["only_ours"]) == (False, [2])


def test_rules_that_falco_would_not_load_are_left_out_with_the_reason(play, tmp_path):
    play()
    found = tried(tmp_path, [RULES[0], Rule("Broken", "proc.nme = x", "o", "d", "NOTICE")])
    assert next(one for one in found["rules"] if one["rule"] == "Broken")["trouble"]
    assert "None of these rules" in tried(tmp_path, [Rule("Broken", "proc.nme = x", "o", "d", "NOTICE")])["trouble"]


@pytest.mark.parametrize(
    ("alerts", "says"),
    [
        ('sys.stderr.write("Error: not a capture\\n"); sys.exit(1)', "not a capture"),
        ("sys.exit(3)", "exit code 3"),
    ],
)
def test_it_tells_why_falco_gave_nothing(play, tmp_path, alerts, says):
    play(alerts)
    assert says in tried(tmp_path)["trouble"]


def test_it_does_not_wait_for_ever_and_ends_what_was_cancelled(play, tmp_path, monkeypatch):
    play('say("0 Gone", 1, "rm"); import time; time.sleep(30)')
    monkeypatch.setattr(replay, "SECONDS", 1)
    found = replay.replay(tmp_path / "x", "- list: x\n  items: []\n", lambda size: None)
    assert (len(found.alerts), found.complete) == (1, False)

    def cancel(size):
        raise CancelledError

    with pytest.raises(CancelledError):
        replay.replay(tmp_path / "x", "", cancel)


@pytest.mark.django_db
def test_the_page_says_how_to_get_falco(client, people, settings):
    settings.FALCO_BINARY = "/nowhere/falco"
    client.force_login(people.ada)
    assert "FALCO_BINARY" in client.get("/lab/captures/").content.decode()
    posted = {"upload": SimpleUploadedFile("x.scap", b"x"), "text": "evt.type = execve"}
    assert client.post("/lab/captures/", posted).status_code == 422
    assert not LabRun.objects.exists()


@pytest.mark.django_db
def test_an_uploaded_capture_is_read_and_told(client, people, play, django_capture_on_commit_callbacks):
    play()
    client.force_login(people.ada)
    text = "- rule: Gone\n  desc: d\n  condition: evt.type = execve and proc.name = rm\n  output: o\n  priority: INFO\n"
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/lab/captures/", {"upload": SimpleUploadedFile("x.scap", b"x"), "text": text})
    page = client.get(answer.headers["Location"]).content.decode()
    assert "1 alert of Falco" in page
    assert "3 events were written down" in page
    assert LabRun.objects.get().state == "done"
