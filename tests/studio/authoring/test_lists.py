"""The list of drafts, and the events kept with a draft."""

from __future__ import annotations

import json

import pytest

from studio.authoring import services

pytestmark = pytest.mark.django_db

EVENT = json.dumps({"evt.type": "execve", "proc.name": "rm", "proc.cmdline": "rm -rf /backup"})


def test_it_teaches_the_first_step_in_an_empty_list(signed_in):
    page = signed_in.get("/drafts/").content.decode()
    assert "Write your first rule" in page


def test_it_finds_drafts_by_name_technique_and_author(signed_in, people, draft):
    services.create(people.team, people.rui, (), "Reverse shell")
    for text, found, lost in (
        ("t1490", "Inhibit", "Reverse"),
        ("rui", "Reverse", "Inhibit"),
        ("REVERSE", "Reverse", "Inhibit"),
    ):
        page = signed_in.get("/drafts/", {"q": text}).content.decode()
        assert found in page
        assert lost not in page
    assert "No draft matches" in signed_in.get("/drafts/", {"q": "nothing"}).content.decode()


def test_it_filters_by_chips_in_the_address(signed_in, people, draft):
    services.create(people.team, people.rui, (), "Reverse shell")
    page = signed_in.get("/drafts/", {"state": "mine"}).content.decode()
    assert "Inhibit" in page
    assert "Reverse" not in page
    assert (
        signed_in.get("/drafts/", {"state": "\x00nonsense", "sort": "'", "page": "x", "q": "\x00"}).status_code == 200
    )


def test_it_offers_to_undo_a_delete_once(signed_in, draft):
    page = signed_in.post(f"/drafts/{draft.pk}/delete/", follow=True).content.decode()
    assert "was deleted" in page
    assert f"/drafts/{draft.pk}/restore/" in page
    assert "was deleted" not in signed_in.get("/drafts/").content.decode()
    signed_in.post(f"/drafts/{draft.pk}/restore/")
    assert "Inhibit System Recovery" in signed_in.get("/drafts/").content.decode()


def test_it_resumes_where_the_draft_was_left(signed_in, draft):
    signed_in.get(f"/drafts/{draft.pk}/output/")
    assert signed_in.get(f"/drafts/{draft.pk}/").url == f"/drafts/{draft.pk}/output/"


def test_it_keeps_good_lines_and_gives_bad_ones_back(signed_in, draft):
    answer = signed_in.post(f"/drafts/{draft.pk}/events/", {"lines": f"{EVENT}\nnonsense", "expectation": "match"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1 kept" in page
    assert "Line 2: This is not JSON" in page
    assert [event.name for event in draft.samples.events.all()] == ["rm -rf /backup"]


def test_it_tries_kept_events_with_the_rule(desk):
    desk.client.post(f"/drafts/{desk.draft.pk}/events/", {"lines": EVENT, "expectation": "no_match"})
    desk.post("condition", condition="proc.name = rm")
    page = desk.client.get(desk.url("check")).content.decode()
    assert "Kept with the draft" in page
    assert "not as expected" in page
    event = desk.draft.samples.events.get()
    desk.client.post(f"/drafts/{desk.draft.pk}/events/{event.pk}/", {"do": "match"})
    assert "not as expected" not in desk.client.get(desk.url("check")).content.decode()
    desk.client.post(f"/drafts/{desk.draft.pk}/events/{event.pk}/", {"do": "remove"})
    assert not desk.draft.samples.events.exists()
