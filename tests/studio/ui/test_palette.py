"""The palette: what can be done and found from anywhere, for the script and on the search page without it."""

from __future__ import annotations

import json
import re

import pytest

from studio.accounts.models import Membership
from studio.authoring import services


def offered(client, text="", at=""):
    page = client.get("/palette/", {"q": text, "at": at}).content.decode()
    return [re.sub(r"\s+", " ", one) for one in re.findall(r'palette-words">(.*?)</span>', page)]


@pytest.fixture
def draft(people):
    return services.create(people.team, people.ada, (), "Shells of the web server")


def test_it_offers_pages_and_beginnings_before_anything_is_typed(signed_in):
    words = offered(signed_in)
    assert {"New rule", "Drafts", "Rules", "Keyboard shortcuts", "Members"} & set(words) >= {
        "New rule",
        "Drafts",
        "Rules",
    }
    assert not any(one.startswith("Theme") for one in words)


def test_it_finds_actions_by_any_of_their_words(signed_in):
    assert "Theme: Dark" in offered(signed_in, "dark")
    assert "Contrast: High" in offered(signed_in, "high contr")
    assert "Rows: Compact" in offered(signed_in, "compact table")
    assert "Sign out" in offered(signed_in, "log out")
    assert offered(signed_in, "zzzzzz") == ["All that is found for “zzzzzz”"]


def test_it_finds_the_teams_drafts_and_nobody_elses(client, people, draft):
    client.force_login(people.ada)
    assert draft.title in offered(client, "shells web")
    client.force_login(people.sam)
    assert draft.title not in offered(client, "shells web")


def test_it_switches_to_a_team_of_mine(signed_in, people):
    assert not [one for one in offered(signed_in, "inland") if "Switch" in one]
    Membership.objects.create(user=people.ada, team=people.other_team, role="viewer")
    assert "Switch to the team Inland" in offered(signed_in, "inland")


def test_it_offers_what_can_be_done_with_the_open_draft(client, people, draft):
    at = f"/drafts/{draft.pk}/details/"
    client.force_login(people.ada)
    words = offered(client, "", at)
    assert "Step 7: Check" in words
    assert not {"Undo", "Step 6: Details"} & set(words)
    client.post(at, {"version": draft.version, "name": "Other", "priority": "ERROR", "desc": "", "tags": ""})
    assert "Undo" in offered(client, "undo", at)
    assert "Hand in for review" in offered(client, "hand", at)
    client.force_login(people.vic)
    assert "Undo" not in offered(client, "undo", at)
    assert "Step 7: Check" in offered(client, "step", at)
    client.force_login(people.sam)
    assert "Step 7: Check" not in offered(client, "step", at)
    assert "Step 7: Check" not in offered(client, "step", "/drafts/99999999999999999999999/")


def test_the_search_page_does_the_same_without_a_script(client, people, draft):
    client.force_login(people.ada)
    at = f"/drafts/{draft.pk}/details/"
    client.post(at, {"version": draft.version, "name": "Other", "priority": "ERROR", "desc": "", "tags": ""})
    page = client.get("/search/", {"q": "undo", "at": at}).content.decode()
    form = re.search(r'<form method="post" action="(/drafts/\d+/history/)">(.*?)</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', form[2]))
    client.post(form[1], fields)
    draft.refresh_from_db()
    assert draft.title == "Shells of the web server"
    assert "Theme: Dark" in client.get("/search/").content.decode()


def test_what_it_posts_is_told_to_the_script_as_data(signed_in):
    page = signed_in.get("/palette/", {"q": "theme dark"}).content.decode()
    fields = re.search(r'data-fields="([^"]+)"', page)
    assert fields
    assert json.loads(fields[1].replace("&quot;", '"')) == [["theme", "dark"]]


def test_it_survives_any_text(signed_in):
    for text in ("x" * 5000, "%_\\'\"", "\x00", "ünïcode ☃", "a " * 300):
        assert signed_in.get("/palette/", {"q": text, "at": text}).status_code == 200


def test_the_shortcuts_are_a_page_too(signed_in):
    page = signed_in.get("/shortcuts/").content.decode()
    assert "Move the row in its group" in page
    assert page.count("<h1>") == 1
