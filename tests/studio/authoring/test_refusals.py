"""Whatever is posted: no page fails, nobody writes who may not, and nothing typed is lost when the sign-in runs out."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.authoring.forms import ACTIONS
from studio.authoring.models import Draft
from studio.authoring.steps import STEPS
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db

VERBS = [(step, verb) for step, verbs in ACTIONS.items() for verb in verbs]
JUNK = ["", "\x00", "x" * 70_000, "🦅" * 500, '{"a": [', "-1", "99999999999999999999", "%", "<script>", "\r\n\r\n"]
FIELDS = [
    "condition",
    "output",
    "name",
    "desc",
    "tags",
    "priority",
    "enabled",
    "argument",
    "behaviour",
    "variant",
    "clause",
    "title",
    "index",
    "do",
    "field-0",
    "comp-0",
    "cell-0-0",
    "cell-99999999-0",
    "version",
    "p-option",
    *("block", "at", "first", "find", "owner", "reason", "expires"),
    *("sentence", "key-0", "value-0", "field", "event"),
    *("rare", "warn_evttypes", "skip_if_unknown_filter", "capture", "capture_duration"),
    *("tactic", "technique", "framework", "control", "own"),
]


@pytest.mark.parametrize(("step", "verb"), VERBS)
def test_it_takes_or_refuses_junk_in_every_form(desk, step, verb):
    for junk in JUNK:
        data = {**dict.fromkeys(FIELDS, junk), "action": f"{verb}:{junk}"}
        for version in (junk, str(desk.now().version)):
            answer = desk.client.post(desk.url(step), {**data, "version": version}, headers={"HX-Request": "true"})
            assert answer.status_code in (200, 409, 422), junk[:20]
        assert desk.client.get(desk.url(step)).status_code == 200


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(step=st.sampled_from(VERBS), data=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=40)))
def test_it_never_fails_on_any_post(desk, step, data):
    answer = desk.post(step[0], **{**data, "action": step[1], "version": desk.now().version})
    assert answer.status_code in (302, 409, 422)
    assert desk.client.get(desk.url(step[0])).status_code == 200


@pytest.mark.parametrize("address", ["technique/", "check/", "events/", ""])
def test_it_hides_drafts_of_another_team(client, people, draft, address):
    client.force_login(people.sam)
    assert client.get(f"/drafts/{draft.pk}/{address}").status_code == 404


@pytest.mark.parametrize(
    "address", ["condition/", "duplicate/", "delete/", "restore/", "history/", "events/", "events/1/"]
)
def test_it_tells_a_viewer_which_role_is_needed(client, people, draft, address):
    client.force_login(people.vic)
    answer = client.post(f"/drafts/{draft.pk}/{address}", {"version": 1, "condition": "x"})
    assert answer.status_code == 403
    assert "needs the role Author in Harbour" in answer.content.decode()


def test_it_lets_a_viewer_read_every_step(client, people, draft):
    client.force_login(people.vic)
    for step in STEPS:
        page = client.get(f"/drafts/{draft.pk}/{step.slug}/").content.decode()
        assert "You can read this draft" in page


@pytest.mark.parametrize(
    "address", ["/drafts/999999/check/", "/drafts/99999999999999999999999/check/", "/drafts/1/nostep/"]
)
def test_it_answers_404_for_what_does_not_exist(signed_in, address):
    assert signed_in.get(address).status_code == 404


def test_it_keeps_what_was_typed_when_the_sign_in_ran_out(client, people, draft):
    answer = client.post(f"/drafts/{draft.pk}/condition/", {"version": 1, "condition": "proc.name = typed"})
    assert answer.url == "/account/login/?next=%2Fdrafts%2Fkept%2F"
    client.post("/account/login/?next=/drafts/kept/", {"login": people.ada.email, "password": PASSWORD})
    back = client.get("/drafts/kept/", follow=True)
    assert "What you had typed is saved now" in back.content.decode()
    assert Draft.objects.get().content["condition"] == "proc.name = typed"
    assert client.get("/drafts/kept/").url == "/drafts/"


def test_it_sends_htmx_to_the_sign_in_page_and_shows_a_conflict_after_it(client, people, desk, draft):
    fresh = type(client)()
    answer = fresh.post(
        f"/drafts/{draft.pk}/condition/",
        {"version": 1, "condition": "proc.name = mine"},
        headers={"HX-Request": "true"},
    )
    assert answer["HX-Redirect"].startswith("/account/login/")
    desk.post("condition", condition="proc.name = theirs")
    fresh.post("/account/login/", {"login": people.ada.email, "password": PASSWORD})
    back = fresh.get("/drafts/kept/")
    assert back.status_code == 409
    assert "proc.name = mine" in back.content.decode()


def test_it_gives_nothing_kept_to_somebody_of_another_team(client, people, draft):
    client.post(f"/drafts/{draft.pk}/condition/", {"version": 1, "condition": "proc.name = typed"})
    client.post("/account/login/", {"login": people.sam.email, "password": PASSWORD})
    assert client.get("/drafts/kept/").status_code == 404
    assert Draft.objects.get().content["condition"] == ""
