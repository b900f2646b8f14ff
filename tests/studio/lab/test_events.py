"""Pasted events: bare fields and Falco's alerts are read, every other line is told by its number."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.lab import events

ALERT = {
    "output": "…",
    "rule": "Shell",
    "output_fields": {"proc.name": "bash", "proc.cmdline": "bash -i"},
    "priority": "Notice",
}


def test_it_reads_bare_fields_and_alerts():
    paste = events.read('{"evt.type": "execve", "proc.name": "rm"}\n\n' + json.dumps(ALERT))
    assert [item.name for item in paste.events] == ["Event 1", "bash -i"]
    assert paste.events[1].fields == ALERT["output_fields"]
    assert paste.bad == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("not json", "This is not JSON"),
        ("[1, 2]", "An event is a JSON object"),
        ("{}", "no fields"),
        ('{"name": "x"}', "No key is a Falco field"),
        ('{"proc.name": {"a": 1}}', "must be a text"),
        ('{"proc.name": "a\\u0000b"}', "cannot be kept"),
        ('{"proc.name": "\\ud800"}', "cannot be kept"),
        ('{"proc.pid": NaN}', "This is not JSON"),
        ("[" * 100_000, "longer than"),
        ("[" * 60_000, "This is not JSON"),
        (json.dumps({f"proc.a{number}": 1 for number in range(401)}), "more than 400 fields"),
    ],
)
def test_it_says_what_is_wrong_with_a_line_and_keeps_the_good_ones(line, why):
    paste = events.read('{"proc.name": "ok"}\n' + line)
    assert len(paste.events) == 1
    assert [bad.number for bad in paste.bad] == [2]
    assert why in paste.bad[0].why


def test_it_takes_a_bounded_number_of_lines():
    paste = events.read('{"proc.name": "x"}\n' * 5000)
    assert len(paste.events) == events.MAX_LINES
    assert len(paste.bad) == 1


@given(st.text(max_size=200))
def test_it_never_fails_on_junk(text):
    events.read(text)
