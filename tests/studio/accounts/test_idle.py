"""A session ends after so long without activity; polling of an open page is none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse
from django.utils import timezone

from studio.accounts import idle, services
from studio.accounts.models import Membership
from studio.accounts.roles import Role
from studio.audit.models import JournalEntry
from tests.people import PASSWORD

BACKGROUND = {"x-background": "1", "hx-request": "true", "hx-current-url": "http://testserver/drafts/"}


class Clock:
    """Time that the test moves."""

    def __init__(self) -> None:
        self.now = 2_000_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(idle, "time", made)
    return made


@pytest.fixture
def limited(settings):
    settings.SESSION_IDLE_MINUTES = 15


@pytest.fixture
def ada(client, people, clock, monkeypatch):
    """Ada's browser, signed in just now."""
    client.post("/account/login/", {"login": people.ada.email, "password": PASSWORD})
    monkeypatch.setattr(idle, "_seen", lambda request, now: request.session.get(idle.SEEN, now))
    return client


def test_without_a_limit_nothing_ends(ada, clock):
    ada.get("/drafts/")
    clock.now += 30 * 24 * 3600
    assert ada.get("/drafts/").status_code == 200


@pytest.mark.usefixtures("limited")
def test_a_session_ends_after_the_limit_and_leads_back(ada, people, clock):
    for _ in range(4):
        clock.now += 14 * 60
        assert ada.get("/drafts/?q=x").status_code == 200, "activity keeps it alive"
    clock.now += 15 * 60 + 1
    answer = ada.get("/drafts/?q=x")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/drafts/%3Fq%3Dx")
    assert "signed out after 15 minutes without activity" in ada.get(answer["Location"]).content.decode()
    assert not UserSession.objects.filter(user=people.ada).exists()
    assert JournalEntry.objects.filter(verb="session.timed_out").count() == 1
    again = ada.post(answer["Location"], {"login": people.ada.email, "password": PASSWORD, "next": "/drafts/?q=x"})
    assert again["Location"] == "/drafts/?q=x"
    assert ada.get("/drafts/").status_code == 200


@pytest.mark.usefixtures("limited")
def test_polling_keeps_no_session_alive(ada, clock):
    ada.get("/drafts/")
    for _ in range(15):
        clock.now += 60
        assert ada.get("/drafts/", headers=BACKGROUND).status_code == 200
    clock.now += 60
    answer = ada.get("/drafts/", headers=BACKGROUND)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/account/login/?next=%2Fdrafts%2F")


@pytest.mark.usefixtures("limited")
def test_htmx_and_sent_forms_lead_to_the_page_they_came_from(ada, people, clock):
    ada.get("/drafts/")
    clock.now += 3600
    answer = ada.post("/drafts/", headers={"hx-request": "true", "hx-current-url": "http://testserver/drafts/7/"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/account/login/?next=%2Fdrafts%2F7%2F")
    ada.post("/account/login/", {"login": people.ada.email, "password": PASSWORD})
    ada.get("/drafts/")
    clock.now += 3600
    url = reverse("accounts:switch_team")
    answer = ada.post(url, {"team": "inland"}, headers={"referer": "http://testserver/settings/"})
    assert answer["Location"] == "/account/login/?next=%2Fsettings%2F"
    ada.post("/account/login/", {"login": people.ada.email, "password": PASSWORD})
    ada.get("/drafts/")
    clock.now += 3600
    assert ada.post(url, headers={"referer": "https://evil.example/x"})["Location"] == "/account/login/?next=%2F"


def test_the_strictest_of_the_server_and_the_teams_holds(people, settings):
    Membership.objects.create(user=people.ada, team=people.other_team, role=Role.AUTHOR)

    def limit() -> int:
        return idle.limit(Membership.objects.filter(user=people.ada).select_related("team"))

    assert limit() == 0
    settings.SESSION_IDLE_MINUTES = 60
    assert limit() == 3600
    services.change_team(people.ann, people.team, idle_minutes=20)
    assert limit() == 1200
    people.other_team.idle_minutes = 90
    people.other_team.save()
    assert limit() == 1200


def test_administrators_set_the_limit_of_their_team(client, people):
    client.force_login(people.ann)
    fields = {"name": "Harbour", "required_approvals": 1, "idle_minutes": 30}
    assert client.post("/settings/team/", fields).status_code == 302
    people.team.refresh_from_db()
    assert people.team.idle_minutes == 30
    assert JournalEntry.objects.get(verb="team.idle_limit_changed").details == {"old": 0, "new": 30}
    assert client.post("/settings/team/", {**fields, "idle_minutes": 10_081}).status_code == 422
    assert client.post("/settings/team/", {**fields, "idle_minutes": -1}).status_code == 422


@pytest.mark.usefixtures("limited")
def test_a_session_from_before_the_limit_ends_by_its_last_use(client, people):
    client.force_login(people.ada)
    client.get("/drafts/")
    session = client.session
    del session[idle.SEEN]
    session.save()
    UserSession.objects.filter(user=people.ada).update(last_seen_at=timezone.now() - timedelta(hours=2))
    assert client.get("/drafts/").status_code == 302


def test_an_empty_limit_is_none_and_a_missing_one_changes_nothing(client, people):
    services.change_team(people.ann, people.team, idle_minutes=30)
    client.force_login(people.ann)
    fields = {"name": "Harbour", "required_approvals": 1}
    for data, expected in (({}, 30), ({"idle_minutes": ""}, 0)):
        assert client.post("/settings/team/", {**fields, **data}).status_code == 302
        people.team.refresh_from_db()
        assert people.team.idle_minutes == expected
