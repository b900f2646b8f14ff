"""Single sign-on, against a provider that runs here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import requests
from oidc_provider_mock import run_server_in_thread

from studio.accounts import services
from studio.accounts.models import Membership, User
from studio.audit.models import JournalEntry
from studio.environment import SignOn
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def use(settings: Any, provider: str):
    """Set Mews up as the environment would."""

    def set_up(**more: Any) -> None:
        kept = SignOn(issuer=provider, client_id="mews", client_secret="s", name="Example ID", **more)
        settings.SIGN_ON, settings.SOCIALACCOUNT_PROVIDERS = kept, kept.providers()

    return set_up


def go(client: Any, provider: str, sub: str, query: str = "", **claims: Any) -> Any:
    """Press the button, say yes at the provider, come back."""
    requests.put(f"{provider}/users/{sub}", json=claims, timeout=5)
    page = client.post(f"/account/sso/login/{query}").content.decode()
    there = unescape(re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', page)[0])
    assert "code_challenge=" in there
    answer = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=5)
    return client.get(answer.headers["location"].replace("http://testserver", ""))


def test_without_a_provider_there_is_no_button_and_no_way(client):
    assert "Sign in with" not in client.get("/account/login/").content.decode().replace("Sign in with a passkey", "")
    assert client.post("/account/sso/login/").status_code == 404
    assert client.get("/account/sso/callback/").status_code == 404


def test_ada_comes_in_by_her_address_and_keeps_her_password(client, people, provider, use):
    use()
    assert "Sign in with Example ID" in client.get("/account/login/").content.decode()
    go(client, provider, "ada-1", email="Ada@harbour.example", email_verified=True, name="A. Author")
    assert client.get("/settings/").context["user"] == people.ada
    people.ada.refresh_from_db()
    assert people.ada.has_usable_password()
    assert people.ada.name == "Ada Author"
    assert JournalEntry.objects.filter(verb="sign_on.connected").count() == 1
    client.post("/account/logout/")
    go(client, provider, "ada-1", email="other@elsewhere.example", email_verified=False)
    assert client.get("/settings/").context["user"] == people.ada
    page = client.get("/account/sso/").content.decode()
    assert "Disconnect" in page


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": "ada@harbour.example", "email_verified": False}, "has not confirmed your address"),
        ({"email": "ada@harbour.example", "email_verified": "false"}, "has not confirmed your address"),
        ({"email": "ada@harbour.example"}, "has not confirmed your address"),
        ({}, "did not tell Mews your e-mail address"),
        ({"email": "eve@elsewhere.example", "email_verified": True}, "nobody here has this address"),
    ],
)
def test_who_is_not_known_stays_outside(client, people, provider, use, claims, words):
    use(join_domains=("harbour.example",), join_team="nowhere")
    answer = go(client, provider, f"x-{len(str(claims))}", **claims)
    assert answer.status_code == 403
    assert words in answer.content.decode()
    assert client.get("/settings/").status_code == 302
    assert User.objects.count() == 6


def test_a_house_may_trust_addresses_that_the_provider_does_not_mark(client, people, provider, use):
    use(trust_email=True)
    go(client, provider, "rui-1", email="rui@harbour.example")
    assert client.get("/settings/").context["user"] == people.rui


def test_new_people_of_a_domain_join_the_team_that_the_environment_names(client, people, provider, use):
    use(join_domains=("corp.example",), join_team="harbour", join_role="author")
    go(client, provider, "nia-1", email="Nia@Corp.example", email_verified=True, name="Nia\u0000 New\u202e")
    nia = User.objects.get(email="nia@corp.example")
    assert nia.name == "Nia New"
    assert not nia.has_usable_password()
    assert Membership.objects.get(user=nia).role == "author"
    assert client.get("/drafts/").status_code == 200
    assert JournalEntry.objects.get(verb="member.joined").details["invited_by"] == "single sign-on"
    assert client.get("/account/second-factor/totp/activate/").status_code == 200


def test_a_second_factor_is_asked_for_also_after_the_provider(client, people, provider, use):
    use(second_factor=True)
    people.team.second_factor_required = True
    people.team.save()
    go(client, provider, "ada-2", email="ada@harbour.example", email_verified=True)
    assert client.get("/drafts/").status_code == 200
    use(second_factor=False)
    assert client.get("/drafts/").status_code == 302


def test_closed_accounts_stay_closed(client, people, provider, use):
    use()
    User.objects.filter(pk=people.ada.pk).update(is_active=False)
    go(client, provider, "ada-3", email="ada@harbour.example", email_verified=True)
    assert client.get("/settings/").status_code == 302


def test_nonsense_from_outside_gets_a_page(client, people, provider, use, settings):
    use()
    assert client.get("/account/sso/callback/?code=x&state=y").status_code == 401
    assert client.get("/account/sso/callback/?error=access_denied").status_code in {302, 401}
    settings.SOCIALACCOUNT_PROVIDERS = SignOn(issuer="http://127.0.0.1:9", client_id="m").providers()
    answer = client.post("/account/sso/login/")
    assert answer.status_code == 401
    assert "Single sign-on did not work" in answer.content.decode()


def test_ada_connects_another_address_when_she_has_confirmed_who_she_is(signed_in, people, provider, use):
    use()
    answer = go(signed_in, provider, "ada-9", "?process=connect", email="a.author@corp.example", email_verified=True)
    assert answer["Location"] == "/account/reauthenticate/"
    assert "a.author@corp.example" not in signed_in.get("/account/sso/").content.decode()
    signed_in.post("/account/reauthenticate/", {"password": PASSWORD})
    page = signed_in.get("/account/sso/").content.decode()
    assert "a.author@corp.example" in page
    [account] = re.findall(r'name="account" value="(\d+)"', page)
    signed_in.post("/account/sso/", {"account": account})
    verbs = JournalEntry.objects.filter(verb__startswith="sign_on.").order_by("number")
    assert list(verbs.values_list("verb", flat=True)) == ["sign_on.connected", "sign_on.disconnected"]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": 5, "email_verified": True},
        {"email": ["ada@harbour.example"], "email_verified": True},
        {"email": "x" * 5000 + "@harbour.example", "email_verified": True},
        {"email": "ada\u0000@harbour.example", "email_verified": True},
        {"email": {"a": 1}, "name": ["x"], "email_verified": True},
    ],
)
def test_odd_claims_let_nobody_in_and_break_nothing(client, people, provider, use, claims):
    use(join_domains=("harbour.example",), join_team="harbour")
    assert go(client, provider, f"odd-{len(str(claims))}", **claims).status_code in {401, 403}
    assert User.objects.count() == 6


def test_a_long_name_at_the_provider_gets_a_page_that_says_so(client, people, provider, use):
    use()
    answer = go(client, provider, "long" * 80, email="ada@harbour.example", email_verified=True)
    assert answer.status_code == 401
    assert "Single sign-on did not work" in answer.content.decode()


def test_who_is_invited_joins_by_way_of_the_provider(client, people, provider, use):
    use(only=True)
    _, token = services.invite(people.ann, people.team, "new@elsewhere.example", "reviewer")
    page = client.get(f"/invitation/{token}/").content.decode()
    assert "Go on with Example ID" in page
    assert 'type="password"' not in page
    client.post(f"/invitation/{token}/", {"name": "New", "password": PASSWORD, "password_again": PASSWORD})
    assert not User.objects.filter(email="new@elsewhere.example").exists()
    there = f"?next=/invitation/{token}/"
    answer = go(client, provider, "new-1", there, email="New@elsewhere.example", email_verified=True, name="Nea New")
    assert answer["Location"] == f"/invitation/{token}/"
    person = User.objects.get(email="new@elsewhere.example")
    assert not Membership.objects.filter(user=person).exists()
    client.post(f"/invitation/{token}/")
    assert Membership.objects.get(user=person).role == "reviewer"


def test_where_it_is_the_only_way_nothing_else_signs_in(client, people, provider, use, settings):
    use(only=True)
    page = client.get("/account/login/").content.decode()
    assert "Sign in with Example ID" in page
    assert not any(word in page for word in ('type="password"', "passkey", "forgotten"))
    for path in ("/account/login/", "/account/second-factor/webauthn/login/", "/account/forgotten/"):
        answer = client.post(path, {"login": people.ada.email, "password": PASSWORD, "email": people.ada.email})
        assert answer.status_code == 403
        assert "by Example ID alone" in answer.content.decode()
    assert client.get("/settings/").status_code == 302
    go(client, provider, "ann-1", email=people.ann.email, email_verified=True)
    membership = Membership.objects.get(user=people.ada)
    assert client.post(f"/settings/members/{membership.pk}/password-link/").status_code == 302
    assert not JournalEntry.objects.filter(verb="password_link.made").exists()
    assert "Change password" not in client.get("/account/second-factor/").content.decode()
    client.post("/account/logout/")
    settings.SIGN_ON = SignOn(only=True)  # no provider: nobody is shut out
    assert 'type="password"' in client.get("/account/login/").content.decode()
