"""Two people in one draft: who is here, what collides, and the merge that somebody chooses."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.authoring import edits, presence, services
from studio.authoring.content import RuleContent
from studio.authoring.merging import Side, Versions
from studio.authoring.models import Draft, DraftPresence
from studio.authoring.services import Seen, StaleDraftError

pytestmark = pytest.mark.django_db
BASE = RuleContent(name="A", desc="B", condition="c", tags=("t",), touched=frozenset({"name"}))


def test_what_only_one_side_changed_goes_together_by_itself():
    theirs = replace(BASE, name="Theirs", techniques=("T1",), primary="T1")
    mine = replace(BASE, condition="mine")
    versions = Versions(BASE, theirs, mine, replace(theirs, condition="mine"))
    assert [(part.key, part.changed_by) for part in versions.parts()] == [
        ("techniques", Side.THEIRS), ("condition", Side.MINE), ("name", Side.THEIRS),
    ]  # fmt: skip
    merged = versions.merge({})
    assert (merged.name, merged.condition, merged.primary) == ("Theirs", "mine", "T1")


def test_what_both_changed_is_theirs_unless_mine_is_chosen():
    theirs, mine = replace(BASE, name="Theirs"), replace(BASE, name="", touched=frozenset())
    versions = Versions(BASE, theirs, mine, mine)
    [part] = versions.parts()
    assert part.collides
    assert versions.merge({}).name == versions.merge({"name": "junk"}).name == "Theirs"
    assert versions.merge({"name": "mine"}).name == ""
    assert versions.merge({"name": "mine"}).touched == frozenset()


def test_both_together_is_offered_where_the_change_can_be_made_of_theirs():
    theirs, mine = replace(BASE, tags=("t", "theirs")), replace(BASE, tags=("t", "mine"))
    versions = Versions(BASE, theirs, mine, replace(BASE, tags=("t", "theirs", "mine")))
    assert versions.parts()[0].together == "t, theirs, mine"
    assert versions.merge({"tags": "both"}).tags == ("t", "theirs", "mine")


def test_without_a_common_version_everything_is_chosen():
    versions = Versions(None, BASE, replace(BASE, name="Mine"), replace(BASE, name="Mine"))
    assert [part.changed_by for part in versions.parts()] == [Side.BOTH]


def test_the_common_version_is_known_although_quick_typing_is_one_step_of_undo(people, draft):
    for text in ("a", "ab", "abc"):
        now = Draft.objects.get()
        services.edit(draft.pk, Seen(people.ada, people.team, now.version), edits.set_condition(f"proc.name = {text}"))
    with pytest.raises(StaleDraftError) as refused:
        services.edit(draft.pk, Seen(people.rui, people.team, 2), edits.set_output("mine"))
    assert refused.value.versions.base
    assert refused.value.versions.base.condition == "proc.name = a"
    assert {part.key: part.changed_by for part in refused.value.versions.parts()}["output"] == Side.MINE


def test_it_keeps_no_more_versions_than_it_needs(people, draft, monkeypatch):
    monkeypatch.setattr(services, "VERSIONS", 10)
    for number in range(40):
        services.edit(draft.pk, Seen(people.ada, people.team, number + 1), edits.set_output(f"{number}"))
    assert 10 <= draft.versions.count() < 10 + 16


def collide(desk, people, client):
    """Ada and Rui open version 1; Ada changes the condition and the name, then Rui's change of both arrives."""
    desk.post("condition", condition="proc.name = theirs")
    desk.post("details", name="Theirs", desc="", priority="ERROR", tags="")
    client.force_login(people.rui)
    return client.post(desk.url("condition"), {"version": 1, "condition": "proc.name = mine"})


def hidden(page):
    form = re.search(r'<form class="card" method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert form
    return form[1], dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[2]))


def test_the_page_of_a_collision_leads_to_a_merge(desk, people, client):
    answer = collide(desk, people, client)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "only they changed this" in page
    url, fields = hidden(page)
    assert client.post(url, {**fields, "merge-part-condition": "mine"}).url == desk.url("condition")
    now = desk.now()
    assert (now.content["condition"], now.title, now.content["priority"]) == ("proc.name = mine", "Theirs", "ERROR")
    assert now.snapshots.get(number=now.position).label == "Merge: Edit the condition"


def test_keeping_theirs_writes_nothing(desk, people, client):
    url, fields = hidden(collide(desk, people, client).content.decode())
    before = desk.now().version
    client.post(url, {**fields, "merge-part-condition": "theirs"})
    assert (desk.now().version, desk.now().content["condition"]) == (before, "proc.name = theirs")


def test_a_third_write_while_somebody_chooses_is_shown_too(desk, people, client):
    url, fields = hidden(collide(desk, people, client).content.decode())
    services.edit(desk.draft.pk, Seen(people.ada, people.team, desk.now().version), edits.set_output("third"))
    again = client.post(url, {**fields, "merge-part-condition": "mine"})
    assert again.status_code == 409
    assert desk.now().content["condition"] == "proc.name = theirs"
    url, fields = hidden(again.content.decode())
    client.post(url, {**fields, "merge-part-condition": "mine"})
    assert (desk.now().content["output"], desk.now().content["condition"]) == ("third", "proc.name = mine")


def test_a_stale_undo_is_shown_but_cannot_be_merged(desk, people, client):
    desk.post("condition", condition="proc.name = theirs")
    client.force_login(people.rui)
    answer = client.post(f"/drafts/{desk.draft.pk}/history/", {"version": 1, "direction": "undo", "step": "condition"})
    assert answer.status_code == 409
    assert 'id="merge"' not in answer.content.decode()


@pytest.mark.parametrize("junk", [{}, {"merge-seen": "x"}, {"merge-seen": "9" * 40}, {"merge-step": "no"}])
def test_a_merge_survives_junk(desk, junk):
    answer = desk.client.post(f"/drafts/{desk.draft.pk}/merge/", {"version": 1, "condition": "x", **junk})
    assert answer.status_code in (302, 409, 422)


def test_everybody_else_who_is_here_is_shown_with_their_step(desk, people, client):
    desk.client.get(desk.url("output"))
    client.force_login(people.vic)
    page = client.get(desk.url("condition")).content.decode()
    assert "Ada Author is here, at the step Output" in page
    assert "Vic Viewer is here" not in page
    client.force_login(people.ada)
    answer = client.post(f"/drafts/{desk.draft.pk}/here/", {"step": "details"})
    assert "Vic Viewer is here, at the step Condition" in answer.content.decode()
    assert answer["X-Draft-Version"] == "1"
    assert DraftPresence.objects.filter(user=people.ada).get().step == "details"


def test_who_left_is_forgotten(desk, people):
    presence.note(desk.draft, people.rui, "output")
    assert [one.user for one in presence.others(desk.draft, people.ada)] == [people.rui]
    DraftPresence.objects.update(at=timezone.now() - presence.FRESH)
    assert presence.others(desk.draft, people.ada) == []
    DraftPresence.objects.update(at=timezone.now() - presence.OLD - timedelta(minutes=1))
    presence.note(desk.draft, people.vic, "junk")
    assert DraftPresence.objects.get().user == people.vic
