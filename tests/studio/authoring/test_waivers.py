"""A finding is switched off, for one rule or for the team, and is gone from everywhere it was counted."""

from __future__ import annotations

import html
import json

import pytest

from studio.audit.models import JournalEntry
from studio.authoring.content import RuleContent, Waiver, from_json, to_json
from studio.authoring.examination import examine
from studio.lints import queries as lints
from studio.lints import services as switches
from studio.review import services as review
from studio.review.meaning import parts
from studio.review.services import content_hash

pytestmark = pytest.mark.django_db

TWICE = "evt.type in (open, openat) and fd.name = /etc/passwd and fd.name = /etc/passwd"
CODE = "MEWS_DUPLICATE_CLAUSE"
WHY = "Our generator writes it so."


def page(desk, step="condition", **query) -> str:
    return html.unescape(desk.client.get(desk.url(step), query).content.decode())


def codes(desk) -> list[str]:
    draft = desk.now()
    return [item.code for item in examine(draft.rule_content(), draft.samples_id, lints.off(draft.team_id)).findings]


def counted(desk) -> int:
    return int(page(desk).partition("Findings <span")[2].partition(">")[2].partition("<")[0])


def typed(desk, condition: str) -> list[str]:
    """The codes that the check at every keystroke gives."""
    answer = desk.client.post(f"/drafts/{desk.draft.pk}/condition/findings/", {"condition": condition})
    return [item["code"] for item in answer.json()["findings"]]


@pytest.mark.parametrize("htmx", [False, True])
def test_it_is_gone_from_every_count_and_stays_to_be_seen(desk, people, htmx):
    desk.post("condition", condition=TWICE)
    before = counted(desk)
    assert f"waive:{CODE}" in page(desk, panel="findings")
    answer = desk.post("condition", htmx=htmx, action=f"waive:{CODE}", reason=WHY)
    assert answer.status_code == (200 if htmx else 302)
    assert desk.now().rule_content().waivers == (
        Waiver(CODE, WHY, people.ada.name, desk.now().updated.date().isoformat()),
    )
    assert counted(desk) == before - 1
    assert CODE not in codes(desk)
    assert CODE not in typed(desk, TWICE)
    assert "1 switched off" in page(desk)
    for step in ("condition", "check"):
        assert f"waive:{CODE}" not in page(desk, step).replace(f"unwaive:{CODE}", "")
        assert WHY in page(desk, step)
    assert JournalEntry.objects.filter(verb="draft.edited", details__change=f"Switch {CODE} off: {WHY}").exists()


def test_it_counts_again(desk):
    desk.post("condition", condition=TWICE)
    desk.post("check", action=f"waive:{CODE}", reason=WHY)
    desk.post("check", action=f"waive:{CODE}", reason="For another reason.")
    assert [one.reason for one in desk.now().rule_content().waivers] == ["For another reason."]
    desk.post("check", action=f"unwaive:{CODE}")
    assert CODE in codes(desk)
    assert "switched off" not in page(desk)
    assert "waivers" not in desk.now().content


def test_what_is_off_is_not_fixed_with_the_safe_ones(desk, people):
    desk.post("condition", condition=TWICE)
    desk.post("condition", action=f"waive:{CODE}", reason=WHY)
    desk.post("check", action="fix-safe")
    assert desk.now().content["condition"] == TWICE
    desk.post("condition", action=f"unwaive:{CODE}")
    switches.switch_off(people.team, people.mai, CODE, WHY)
    desk.post("check", action="fix-safe")
    assert desk.now().content["condition"] == TWICE
    switches.switch_on(people.team, people.mai, CODE)
    desk.post("check", action="fix-safe")
    assert desk.now().content["condition"] != TWICE


@pytest.mark.parametrize("code", ["LOAD_NO_EVTTYPE", "MEWS_NO_SUCH", "", "x", "MEWS_\x00"])
def test_what_falco_says_cannot_be_switched_off(desk, code):
    desk.post("condition", condition="proc.name = rm")
    assert "LOAD_NO_EVTTYPE" in codes(desk)
    answer = desk.post("check", action=f"waive:{code}", reason=WHY)
    assert answer.status_code == 422
    assert "LOAD_NO_EVTTYPE" in codes(desk)
    assert "waive:LOAD" not in page(desk, panel="findings")


@pytest.mark.parametrize("reason", ["", "no", "x" * 301])
def test_it_asks_for_a_reason(desk, reason):
    desk.post("condition", condition=TWICE)
    assert desk.post("check", action=f"waive:{CODE}", reason=reason).status_code == 422
    assert CODE in codes(desk)


def test_a_viewer_cannot(desk, people, client):
    client.force_login(people.vic)
    data = {"version": 1, "action": f"waive:{CODE}", "reason": WHY}
    assert client.post(desk.url("check"), data).status_code == 403


def test_the_teams_switch_holds_for_all_its_rules(desk, people):
    desk.post("condition", condition=TWICE)
    before = counted(desk)
    switches.switch_off(people.team, people.mai, CODE, WHY)
    switches.switch_off(people.team, people.mai, "MEWS_DESC_PERIOD", "It says nothing here.")
    assert counted(desk) == before - 1
    assert CODE not in typed(desk, TWICE)
    shown = page(desk)
    assert "1 switched off" in shown
    assert "For all rules of Harbour" in shown
    assert f"unwaive:{CODE}" not in shown


def test_a_revision_keeps_and_shows_it(desk, people, client):
    people.team.samples_required = False
    people.team.save()
    desk.write_article()
    desk.post("details", name="Disable recovery features", desc="Detects disabling", priority="CRITICAL", tags="T1490")
    earlier = review.hand_in(desk.draft.pk, people.team, people.ada, desk.now().version)
    assert "MEWS_DESC_SHORT" in json.dumps(earlier.summary["findings"])
    desk.post("details", action="waive:MEWS_DESC_SHORT", reason=WHY)
    switches.switch_off(people.team, people.mai, "MEWS_DESC_PERIOD", "We write notes.")
    revision = review.hand_in(desk.draft.pk, people.team, people.ada, desk.now().version)
    assert "MEWS_DESC" not in json.dumps(revision.summary["findings"])
    assert [(one["code"], one["of_team"]) for one in revision.summary["waived"]] == [
        ("MEWS_DESC_SHORT", False),
        ("MEWS_DESC_PERIOD", True),
    ]
    client.force_login(people.rui)
    shown = html.unescape(client.get(f"/reviews/{revision.pk}/").content.decode())
    assert "2 findings switched off" in shown
    assert WHY in shown
    changes = parts(from_json(earlier.content), from_json(revision.content))
    assert [one.says for part in changes for one in part.changes] == [f"MEWS_DESC_SHORT is switched off: {WHY}"]


def test_it_leaves_contents_without_any_as_they_were():
    content = RuleContent(condition="evt.type = open", name="X")
    assert "waivers" not in to_json(content)
    with_one = from_json({**to_json(content), "waivers": [{"code": CODE, "reason": WHY}]})
    assert from_json(to_json(with_one)) == with_one
    assert content_hash(to_json(with_one)) != content_hash(to_json(content))
    told = [one.says for part in parts(with_one, content) for one in part.changes]
    assert told == [f"{CODE} counts again."]
