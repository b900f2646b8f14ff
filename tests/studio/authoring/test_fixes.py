"""Fixes at one click: previewed, carried out on the draft, undone like any change."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest

from rules_export.lints.registry import EXAMPLE, EXAMPLE_CONTEXT, lints
from rules_export.lints.runner import studio_checks
from studio.authoring.fixes import SAFE, fix_safe

pytestmark = pytest.mark.django_db

TWICE = "evt.type in (open, openat) and fd.name = /etc/passwd and fd.name = /etc/passwd"


def codes(desk) -> list[str]:
    from studio.authoring.examination import examine

    return [item.code for item in examine(desk.now().rule_content(), desk.draft.samples_id).findings]


@pytest.mark.parametrize("htmx", [False, True])
def test_it_shows_a_fix_and_carries_it_out(desk, htmx):
    desk.post("condition", condition=TWICE)
    page = html.unescape(desk.client.get(desk.url("condition"), {"panel": "findings"}).content.decode())
    assert "<ins>evt.type in (open, openat, openat2)</ins>" in page
    answer = desk.post("condition", htmx=htmx, action="fix:MEWS_EVENT_FAMILY@0")
    assert answer.status_code == (200 if htmx else 302)
    assert desk.now().content["condition"] == TWICE.replace("openat)", "openat, openat2)")
    assert "MEWS_EVENT_FAMILY" not in codes(desk)


def test_it_makes_all_safe_fixes_and_only_those(desk):
    desk.post("condition", condition=TWICE)
    desk.post("details", name="Odd read", desc="Detects reads", priority="ERROR", tags="T1490, mitre_impact, host")
    assert "safe fixes" in desk.client.get(desk.url("check")).content.decode()
    desk.post("check", action="fix-safe")
    content = desk.now().content
    assert content["condition"] == "evt.type in (open, openat) and fd.name = /etc/passwd"
    assert content["desc"] == "Detects reads."
    assert content["tags"] == ["host", "mitre_impact", "T1490"]
    assert not SAFE.intersection(codes(desk))
    assert "MEWS_EVENT_FAMILY" in codes(desk)
    draft = desk.now()
    desk.client.post(f"/drafts/{draft.pk}/history/", {"version": draft.version, "direction": "undo", "step": "check"})
    assert desk.now().content["condition"] == TWICE


@pytest.mark.parametrize(
    "key", ["", "MEWS_EVENT_FAMILY", "MEWS_EVENT_FAMILY@99", "x@0", "MEWS_\x00@1", "A" * 300 + "@1"]
)
def test_it_changes_nothing_for_a_finding_that_is_not_there(desk, key):
    desk.post("condition", condition=TWICE)
    for step in ("condition", "check"):
        answer = desk.post(step, action=f"fix:{key}")
        assert answer.status_code in (302, 422)
        if answer.status_code == 422 and step == "condition":
            assert "/etc/passwd" in answer.content.decode(), "the page still holds the text"
    assert desk.now().content["condition"] == TWICE


def test_it_refuses_a_viewer_and_a_stale_version(desk, people, client):
    desk.post("condition", condition=TWICE)
    data = {"version": 1, "action": "fix-safe"}
    assert desk.client.post(desk.url("check"), data).status_code == 409
    client.force_login(people.vic)
    assert client.post(desk.url("check"), data).status_code == 403
    assert "Fix</button>" not in client.get(desk.url("condition")).content.decode()


def test_it_has_a_fix_for_every_code_that_it_calls_safe_and_twenty_five_in_all():
    fixable = set()
    for lint in lints():
        found = studio_checks(replace(EXAMPLE, **lint.bad), EXAMPLE_CONTEXT)
        fixable |= {item.code for item in found if item.code == lint.code and item.fix}
    assert fixable >= SAFE
    assert len(fixable) >= 25
    assert fix_safe().label == "Make all safe fixes"
