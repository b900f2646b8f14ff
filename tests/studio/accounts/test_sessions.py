"""Sessions: where a person is signed in, and signing out of one or everywhere; passwords; limits."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from studio.accounts.models import User
from studio.accounts.templatetags.people import browser
from studio.audit.models import JournalEntry
from tests.people import PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SESSIONS, END = "/account/sessions/", "/account/sessions/end/"


def at_another_desk(person: User) -> Client:
    other = Client(headers={"user-agent": FIREFOX})
    other.post("/account/login/", {"login": person.email, "password": PASSWORD})
    return other


def test_ada_sees_both_desks_and_signs_one_out(client, people):
    client.post("/account/login/", {"login": people.ada.email, "password": PASSWORD})
    other = at_another_desk(people.ada)
    page = client.get(SESSIONS).content.decode()
    assert "Firefox on Linux" in page
    assert "This one" in page
    there = UserSession.objects.get(user_agent=FIREFOX)
    assert client.post(END, {"which": str(there.pk)})["Location"] == SESSIONS
    assert other.get("/drafts/").status_code == 302
    assert client.get("/drafts/").status_code == 200
    assert JournalEntry.objects.filter(verb="sessions.ended").exists()


@pytest.mark.parametrize(("which", "here"), [("others", 200), ("all", 302)])
def test_everywhere(client, people, which, here):
    client.post("/account/login/", {"login": people.ada.email, "password": PASSWORD})
    other = at_another_desk(people.ada)
    client.post(END, {"which": which})
    assert other.get("/drafts/").status_code == 302
    assert client.get("/drafts/").status_code == here


@pytest.mark.parametrize("which", ["", "0", "x", "9" * 30, "-1", "١"])
def test_nobody_ends_what_is_not_theirs(client, people, which):
    theirs = at_another_desk(people.mai)
    client.force_login(people.ada)
    client.get("/drafts/")
    client.post(END, {"which": which})
    client.post(END, {"which": str(UserSession.objects.get(user=people.mai).pk)})
    assert theirs.get("/drafts/").status_code == 200


def test_a_session_that_began_by_a_link_is_listed_too(signed_in, people):
    assert "This one" in signed_in.get(SESSIONS).content.decode()
    assert UserSession.objects.filter(user=people.ada).count() == 1


@pytest.mark.parametrize(
    ("agent", "words"), [(FIREFOX, "Firefox on Linux"), ("curl/8.5.0", "curl/8.5.0"), ("", "Unknown")]
)
def test_browsers_have_names(agent, words):
    assert browser(agent) == words


def test_who_has_no_password_may_set_one(client, people):
    people.ada.set_unusable_password()
    people.ada.save()
    client.force_login(people.ada)
    assert client.get("/account/password/")["Location"] == "/account/password/set/"
    new = "a heron in the reeds"
    assert "at least 12" in client.get("/account/password/set/").content.decode()
    client.post("/account/password/set/", {"password1": new, "password2": new})
    people.ada.refresh_from_db()
    assert people.ada.check_password(new)
    assert client.get("/account/password/set/")["Location"] == "/account/password/"


@pytest.mark.parametrize(
    ("new", "complaint"),
    [
        ("Sunshine!2024", "common password with digits"),
        ("P4ssw0rd123456", "common password with digits"),
        ("12monkey12monkey", None),
        ("aaabbbaaabbb", "only 2 different"),
        ("correct horse battery", None),
    ],
)
def test_passwords_that_only_look_odd(signed_in, people, new, complaint):
    page = signed_in.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert page.status_code == (200 if complaint else 302)
    assert not complaint or complaint in page.content.decode()


def test_too_many_forms_at_the_door_get_a_page_that_says_so(client, people):
    answers = [client.post("/invitation/x/").status_code for _ in range(31)]
    assert answers[-2:] == [410, 429]
    page = client.post("/invitation/x/")
    assert "Wait a few minutes" in page.content.decode()
    assert page["Retry-After"] == "300"
    assert (
        client.post("/invitation/x/", headers={"HX-Request": "true"}).content.decode().startswith("There were too many")
    )
