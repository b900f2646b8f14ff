"""`manage.py behaviours` in the shape that other tools read."""

from __future__ import annotations

import io
import json

from django.core.management import call_command

from rules_export.language.parser import parse
from studio.behaviours import conditions


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
