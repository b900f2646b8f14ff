"""The frame around every page: door, headers, look, search, errors."""

from __future__ import annotations

import re

import pytest
from django.http import Http404
from django.template import Context, Template
from django.test import Client

from studio.ui import nav

POLICY = re.compile(r"unsafe|\*|https?:")


def test_it_says_that_it_is_well(client, db):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


def test_it_sends_a_stranger_to_the_door_and_back(client, db):
    answer = client.get("/settings/")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/settings/"


@pytest.mark.parametrize("path", ["/account/login/", "/settings/", "/settings/members/", "/nowhere/", "/search/?q=x"])
def test_it_lets_pages_load_nothing_that_is_not_ours(signed_in, path):
    answer = signed_in.get(path, follow=True)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert not POLICY.search(policy)
    assert answer["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer["Permissions-Policy"]
    page = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style| style=| on[a-z]+=\"", page)


def test_it_gives_htmx_no_way_to_evaluate(client, db):
    page = client.get("/account/login/").content.decode()
    assert "&quot;allowEval&quot;: false" in page
    assert "&quot;includeIndicatorStyles&quot;: false" in page


@pytest.mark.parametrize(
    ("part", "value", "attribute"),
    [
        ("theme", "dark", 'data-bs-theme="dark"'),
        ("contrast", "more", 'data-contrast="more"'),
        ("density", "compact", 'data-density="compact"'),
        ("rail", "slim", 'data-rail="slim"'),
    ],
)
def test_it_remembers_the_look_without_javascript(signed_in, part, value, attribute):
    answer = signed_in.post("/look/", {part: value, "next": "/settings/"})
    assert answer["Location"] == "/settings/"
    assert attribute in signed_in.get("/settings/").content.decode()


def test_it_ignores_a_look_that_it_does_not_know(signed_in):
    signed_in.post("/look/", {"theme": "plaid"})
    signed_in.cookies["mews_density"] = '"><script>'
    page = signed_in.get("/settings/").content.decode()
    assert 'data-bs-theme="auto" data-contrast="auto" data-density="cosy"' in page


def test_it_does_not_send_people_to_other_houses(signed_in):
    assert signed_in.post("/look/", {"theme": "dark", "next": "https://elsewhere.example/"})["Location"] == "/"


def test_it_answers_an_empty_and_a_vain_search(signed_in):
    assert "What are you looking for?" in signed_in.get("/search/").content.decode()
    assert "Nothing found" in signed_in.get("/search/?q=zzzzzz").content.decode()
    assert signed_in.get("/search/", {"q": "x" * 5000}).status_code == 200


def test_it_says_what_to_do_when_a_page_is_missing(signed_in, client):
    page = signed_in.get("/nowhere/")
    assert page.status_code == 404
    assert "There is nothing at this address." in page.content.decode()
    assert "Go to the start page" in page.content.decode()


def test_it_tells_htmx_in_one_plain_sentence(signed_in):
    answer = signed_in.get("/nowhere/", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "There is nothing at this address."


def test_it_gives_whoever_was_signed_out_the_whole_sign_in_page(client, db):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/drafts/7/"}
    answer = client.post("/settings/", headers=headers)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/account/login/?next=%2Fdrafts%2F7%2F"


def test_it_explains_a_refused_form(people):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/look/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "The form was too old" in answer.content.decode()


def test_it_stays_presentable_when_a_page_breaks(signed_in, monkeypatch):
    signed_in.raise_request_exception = False
    monkeypatch.setattr("studio.ui.nav.search", lambda request, text: 1 / 0)
    answer = signed_in.get("/search/?q=x")
    assert answer.status_code == 500
    assert "it is in the log" in answer.content.decode()
    monkeypatch.setattr("studio.ui.errors.render", lambda *args, **kwargs: 1 / 0)
    assert "Mews could not answer" in signed_in.get("/search/?q=x").content.decode()


def test_it_keeps_metrics_for_whoever_has_the_token(client, db, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "let me see"
    assert client.get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": "Bearer let me see"})
    assert answer.status_code == 200
    assert b"django_http" in answer.content or b"python_info" in answer.content


def test_it_marks_the_page_that_is_open(rf, monkeypatch):
    items = [nav.NavItem("Settings", "accounts:profile", "settings", 90), nav.NavItem("Gone", "gone:index", "x", 10)]
    monkeypatch.setattr(nav, "_declared", lambda name: items)
    assert nav.links("/settings/team/") == [nav.Link("Settings", "/settings/", "settings", "", True)]
    items[0] = nav.NavItem("Settings", "accounts:profile", "settings", 90, also=("audit:journal",))
    assert nav.links("/journal/")[0].current
    assert not nav.links("/elsewhere/")[0].current


def test_it_tells_how_long_ago_and_exactly_when(db):
    from datetime import timedelta

    from django.utils import timezone

    drawn = Template("{% when moment %}").render(Context({"moment": timezone.now() - timedelta(hours=3)}))
    assert "3\xa0hours ago" in drawn
    assert "UTC" in drawn
    assert Template("{% when moment %}").render(Context({"moment": None})) == ""


def test_it_gives_its_own_reason_for_a_missing_thing(rf):
    from studio.ui.errors import not_found

    request = rf.get("/x", headers={"HX-Request": "true"})
    request.htmx = True
    assert not_found(request, Http404("This draft was deleted.")).content == b"This draft was deleted."
