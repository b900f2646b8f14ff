"""A rule's texts on the page: keys marked, everything escaped, findings as the editor takes them."""

from __future__ import annotations

import json

from rules_export.findings import Finding, Severity
from rules_export.spans import Position, Span
from studio.authoring.templatetags.rule_text import for_editor, marked_yaml


def test_it_marks_keys_and_escapes_the_rest():
    html = marked_yaml("- rule: <b>A & B</b>\n  desc: 'x'\n")
    assert html == "- <b>rule</b>: &lt;b&gt;A &amp; B&lt;/b&gt;\n  <b>desc</b>: &#x27;x&#x27;\n"


def test_it_gives_the_editor_findings_that_have_a_place():
    span = Span(Position(3, 1, 4), Position(8, 1, 9))
    placed = Finding("LOAD_X", Severity.ERROR, "No such field.", span=span, hint="Did you mean it?")
    given = json.loads(for_editor([placed, Finding("LOAD_Y", Severity.WARNING, "All of it.")]))
    assert given == [
        {"from": 3, "to": 8, "severity": "error", "message": "No such field. Did you mean it?", "code": "LOAD_X"}
    ]
