"""The second factor: set up, asked for, lost, and insisted on by a team."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.core.management import call_command

from studio.accounts import factors, services
from studio.accounts.models import Membership
from studio.accounts.roles import Role
from studio.audit.models import JournalEntry
from tests.people import PASSWORD

INDEX = "/account/second-factor/"
APP = f"{INDEX}totp/activate/"
CODES = f"{INDEX}recovery-codes/"
LOGIN = "/account/login/"


def code_for(key: str) -> str:
    """What the app would show now."""
    cache.clear()  # a code counts once; tests use several within its time
    return str(format_hotp_value(hotp_value(key, list(yield_hotp_counters_from_time())[1])))


def sign_in(client: Any, person: Any) -> Any:
    return client.post(LOGIN, {"login": person.email, "password": PASSWORD})


def confirm(client: Any, path: str) -> Any:
    return client.post(f"/account/reauthenticate/?next={path}", {"password": PASSWORD})


def set_up_app(client: Any) -> tuple[str, list[str]]:
    """Set up an app for who is signed in; its key and the recovery codes."""
    confirm(client, APP)
    page = client.get(APP)
    key = re.search(r'id="totp-key" readonly value="(\w+)"', page.content.decode())
    assert key
    answer = client.post(APP, {"code": code_for(key[1])})
    assert answer["Location"] == CODES
    shown = client.get(CODES).content.decode()
    return key[1], re.findall(r"<li><code>(\d{8})</code>", shown)


def test_ada_sets_up_an_app_and_is_asked_for_its_code(client, people):
    sign_in(client, people.ada)
    assert client.get(APP)["Location"].startswith("/account/reauthenticate/")
    key, codes = set_up_app(client)
    assert len(set(codes)) == 10
    assert "cannot be shown again" in client.get(CODES).content.decode()
    client.post("/account/logout/")
    assert sign_in(client, people.ada)["Location"] == f"{INDEX}authenticate/"
    before = client.session.session_key
    assert client.get("/drafts/").status_code == 302
    page = client.post(f"{INDEX}authenticate/", {"code": "000000"}).content.decode()
    assert "This code is not right" in page
    code = code_for(key)
    assert client.post(f"{INDEX}authenticate/", {"code": f"{code[:3]} {code[3:]}"}).status_code == 302
    assert client.get("/drafts/").status_code == 200
    assert client.session.session_key != before


def test_the_picture_is_drawn_within_the_policy_and_no_page_runs_a_script_of_its_own(client, people):
    sign_in(client, people.ada)
    pages = [confirm(client, APP), client.get(APP), client.get(f"{INDEX}webauthn/add/"), client.get(INDEX)]
    assert 'src="data:image/svg+xml;base64,' in pages[1].content.decode()
    for page in pages:
        for script in re.findall(r"<script([^>]*)>", page.content.decode()):
            assert "src=" in script or "application/json" in script
        assert not re.search(r"\son\w+=|style=", page.content.decode())


def test_the_key_is_kept_encrypted(client, people):
    sign_in(client, people.ada)
    key, codes = set_up_app(client)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert "sealed:" in kept
    assert key not in kept


def test_a_recovery_code_lets_in_once(client, people):
    sign_in(client, people.ada)
    _, codes = set_up_app(client)
    for expected in (302, 200):
        client.post("/account/logout/")
        cache.clear()
        sign_in(client, people.ada)
        assert client.post(f"{INDEX}authenticate/", {"code": codes[0]}).status_code == expected
    assert "9 of 10" not in client.get(INDEX).content.decode()


def test_wrong_codes_are_stopped(client, people):
    sign_in(client, people.ada)
    key, _ = set_up_app(client)
    client.post("/account/logout/")
    sign_in(client, people.ada)
    for _ in range(5):
        client.post(f"{INDEX}authenticate/", {"code": "000000"})
    page = client.post(f"{INDEX}authenticate/", {"code": "000001"})
    assert "Too many failed" in page.content.decode()


HI, EMPTY = "aGVsbG8", "e30"  # base64url of "hello" and of an empty JSON object


def credential(**response: str) -> str:
    return json.dumps({"id": HI, "rawId": HI, "type": "public-key", "response": response})


BAD = [
    "",
    "{}",
    "[1]",
    '{"id": 3}',
    "null",
    '"x"',
    "{",
    '{"type": "public-key", "response": {}}',
    "[" * 60_000,
    "x" * 70_000,
]
BAD += [
    credential(clientDataJSON=EMPTY),
    credential(clientDataJSON=EMPTY, attestationObject=HI),
    credential(clientDataJSON=HI, attestationObject=HI, authenticatorData=HI, signature=HI, userHandle=HI),
]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("where", ["add/", "login/"])
def test_nonsense_from_a_key_is_refused_not_a_failure(client, people, where, bad):
    if where != "login/":
        sign_in(client, people.ada)
        confirm(client, INDEX)
        client.get(f"{INDEX}webauthn/{where}")
    answer = client.post(f"{INDEX}webauthn/{where}", {"credential": bad, "name": "x"})
    assert answer.status_code in {200, 302, 422}
    assert not Authenticator.objects.exists()


def test_a_new_password_by_link_does_not_go_round_the_second_factor(client, people):
    sign_in(client, people.ada)
    set_up_app(client)
    client.post("/account/logout/")
    token = services.new_password_link(people.ada)
    new = {"password": "a heron in the reeds", "password_again": "a heron in the reeds"}
    assert client.post(f"/new-password/{token}/", new)["Location"] == f"{INDEX}authenticate/"
    assert client.get("/drafts/").status_code == 302


def ask_for_it(team):
    team.second_factor_required = True
    team.save()


def test_a_team_that_insists_sends_people_to_set_one_up(client, people):
    ask_for_it(people.team)
    sign_in(client, people.ada)
    assert client.get("/drafts/")["Location"] == INDEX
    assert client.get("/drafts/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == INDEX
    assert "Harbour asks for a second factor" in client.get(INDEX).content.decode()
    set_up_app(client)
    assert client.get("/drafts/").status_code == 200
    answer = client.post(f"{INDEX}totp/deactivate/")
    assert "Set up another one before" in answer.content.decode()
    assert factors.has_one(people.ada)


def test_other_teams_stay_open(client, people):
    ask_for_it(people.team)
    Membership.objects.create(user=people.ada, team=people.other_team, role=Role.AUTHOR)
    sign_in(client, people.ada)
    client.post("/settings/switch/", {"team": "inland"})
    assert client.get("/drafts/").status_code == 200


def test_who_has_none_cannot_ask_it_of_others(client, people):
    sign_in(client, people.ann)
    form = {"name": "Harbour", "required_approvals": 1, "samples_required": "on", "second_factor_required": "on"}
    assert "your own second factor first" in client.post("/settings/team/", form).content.decode()
    set_up_app(client)
    assert client.post("/settings/team/", form).status_code == 302
    people.team.refresh_from_db()
    assert people.team.second_factor_required
    assert JournalEntry.objects.filter(verb="team.second_factor_changed").exists()


def test_an_administrator_helps_who_lost_theirs(client, people):
    sign_in(client, people.ada)
    set_up_app(client)
    client.post("/account/logout/")
    client.force_login(people.ann)
    ada = Membership.objects.get(user=people.ada)
    assert "Second factor off" in client.get("/settings/members/").content.decode()
    client.post(f"/settings/members/{ada.pk}/second-factor/")
    assert not Authenticator.objects.exists()
    assert JournalEntry.objects.get(verb="second_factor.taken_off").target == "Ada Author"


def test_but_not_who_works_elsewhere_too(client, people):
    Authenticator.objects.create(user=people.ada, type=Authenticator.Type.TOTP, data={})
    Membership.objects.create(user=people.ada, team=people.other_team, role=Role.AUTHOR)
    with pytest.raises(services.WorksElsewhereToo, match="second_factor_off"):
        services.take_second_factor(people.ann, Membership.objects.get(user=people.ada, team=people.team))
    out = StringIO()
    call_command("second_factor_off", people.ada.email, stdout=out)
    assert "no second factor any more" in out.getvalue()
    assert not factors.has_one(people.ada)


def test_the_journal_knows(client, people, django_capture_on_commit_callbacks):
    sign_in(client, people.ada)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(client)
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert {"person.signed_in", "second_factor.added"} <= verbs
