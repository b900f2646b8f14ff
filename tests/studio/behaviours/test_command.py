"""`manage.py behaviours` in the shape that other tools read."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from rules_export.language.parser import parse
from studio.behaviours import conditions
from studio.behaviours.loader import LIBRARY
from tests.studio.behaviours.own import TEXT


def output(*arguments: str) -> str:
    stream = io.StringIO()
    call_command("behaviours", *arguments, stdout=stream)
    return stream.getvalue()


def test_it_prints_the_library_as_json() -> None:
    records = json.loads(output("--json"))
    assert len(records) >= 290
    for record in records:
        assert set(record) == {
            "id",
            "techniques",
            "title",
            "condition",
            "attack_events",
            "benign_events",
            "lowest_engine",
        }
        tree = parse(record["condition"])
        assert all(conditions.matcher(tree).matches(fields) for fields in record["attack_events"])
        assert not any(conditions.matcher(tree).matches(fields) for fields in record["benign_events"])


def test_it_prints_one_technique() -> None:
    records = json.loads(output("--json", "--technique", "T1490"))
    assert all("T1490" in record["techniques"] for record in records)
    assert "t1490-rm-recursive-force" in output("--technique", "T1490")


def test_it_prints_what_cannot_be_seen() -> None:
    reasons = json.loads(output("--unobservable"))
    assert "T1566.004" in reasons


def test_it_checks_files_by_line(tmp_path) -> None:
    sound, wrong = tmp_path / "sound.yaml", tmp_path / "wrong.yaml"
    sound.write_text(TEXT)
    wrong.write_text(TEXT.replace("run: snapctl list", "run: snapctl delete"))
    assert "Every check passes" in output("--check", str(sound), str(LIBRARY / "rootkits.yaml"))
    stream = io.StringIO()
    with pytest.raises(CommandError, match="3 complaints"):
        call_command("behaviours", "--check", str(wrong), str(tmp_path / "none"), __file__, stdout=stream)
    lines = stream.getvalue().splitlines()
    assert lines[0] == f"{wrong}:22: benign 1: the clause fires on “List them”"
    assert "No such file" in lines[1]
    assert "not YAML" in lines[2]
