"""Accounts are closed and reopened, sessions ended by an administrator, tokens revoked with what gave them."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from studio.accounts import services
from studio.accounts.models import Letter, Membership, OneTimeLink, User
from studio.accounts.permissions import RoleNeeded
from studio.accounts.roles import Role
from studio.api import tokens
from studio.audit.models import JournalEntry
from studio.environment import SignOn
from studio.notices.models import Notice
from tests.people import PASSWORD

MEMBERS = "/settings/members/"
NEW = "a heron in the reeds"


def membership(people, person: User, team=None) -> Membership:
    return Membership.objects.get(user=person, team=team or people.team)


def token(person: User, team) -> str:
    return tokens.make(person, team, "Nightly", [], 30)[1]


def ask(secret: str):
    return Client().get("/api/v1/me", headers={"authorization": f"Bearer {secret}"})


def desk(person: User) -> Client:
    client = Client()
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert client.get("/drafts/").status_code == 200
    return client


def do(client, people, what: str, person: User, **data):
    return client.post(reverse(f"accounts:{what}", args=[membership(people, person).pk]), data, follow=True)


@pytest.fixture
def ann(client, people):
    client.force_login(people.ann)
    return client


def test_a_removed_member_loses_their_tokens_for_good(ann, people):
    here, there = token(people.ada, people.team), token(people.sam, people.other_team)
    Membership.objects.create(user=people.ada, team=people.other_team, role=Role.AUTHOR)
    elsewhere = token(people.ada, people.other_team)
    do(ann, people, "remove", people.ada)
    assert ask(here).status_code == 401
    services.join(services.invite(people.ann, people.team, people.ada.email, "author")[0], people.ada)
    assert ask(here).status_code == 401, "joining again does not bring a token back"
    assert (ask(there).status_code, ask(elsewhere).status_code) == (200, 200)
    entry = JournalEntry.objects.get(verb="token.revoked")
    assert (entry.actor, entry.details["of"], entry.details["because"]) == (
        people.ann.name, people.ada.name, "membership removed",
    )  # fmt: skip


@pytest.mark.parametrize(("tick", "status"), [({"revoke_tokens": "on"}, 401), ({}, 200)])
def test_a_password_reset_offers_to_revoke_tokens(client, people, tick, status):
    secret = token(people.ada, people.team)
    url = reverse("new_password", args=[services.new_password_link(people.ada)])
    page = client.get(url).content.decode()
    assert "Also revoke my API tokens" in page
    box = page[page.index('name="revoke_tokens"') - 80 : page.index('name="revoke_tokens"') + 120]
    assert "checked" in box
    client.post(url, {"password": NEW, "password_again": NEW, **tick})
    assert ask(secret).status_code == status


@pytest.mark.parametrize(("tick", "status"), [({"revoke_tokens": "on"}, 401), ({}, 200)])
def test_a_changed_password_offers_it_too(client, people, tick, status):
    secret = token(people.ada, people.team)
    client.force_login(people.ada)
    assert "Also revoke my API tokens" in client.get("/account/password/").content.decode()
    new = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/account/password/", {**new, **tick}).status_code == 302
    assert ask(secret).status_code == status


def test_a_token_is_refused_while_the_team_requires_a_second_factor_that_its_owner_lacks(people):
    secret = token(people.ada, people.team)
    people.team.second_factor_required = True
    people.team.save()
    answer = ask(secret)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    detail = answer.json()["detail"]
    assert "Harbour requires a second factor" in detail
    assert "Settings, Sign-in and security" in detail
    Authenticator.objects.create(user=people.ada, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert ask(secret).status_code == 403, "recovery codes only stand in for a factor"
    Authenticator.objects.create(user=people.ada, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert ask(secret).status_code == 200


def test_a_token_made_under_a_provider_that_asks_for_a_factor_keeps_working(people, settings):
    plain = token(people.ada, people.team)
    _, vouched = tokens.make(people.ada, people.team, "Under single sign-on", [], 30, vouched=True)
    people.team.second_factor_required = True
    people.team.save()
    assert ask(vouched).status_code == 403, "there is no provider here"
    settings.SIGN_ON = SignOn(issuer="https://id.example", client_id="mews", second_factor=True)
    assert ask(vouched).status_code == 403, "she is not connected to it"
    SocialAccount.objects.create(user=people.ada, provider="sso", uid="1")
    assert (ask(vouched).status_code, ask(plain).status_code) == (200, 403)
    settings.SIGN_ON = SignOn(issuer="https://id.example", client_id="mews")
    assert ask(vouched).status_code == 403, "the provider no longer asks for a factor"


def test_an_administrators_link_is_emailed_to_the_person_only(ann, people, settings):
    settings.EMAIL_HOST = "mail.example"
    page = do(ann, people, "password_link", people.ada).content.decode()
    assert "emailed" in page
    assert "/new-password/" not in page
    letter = Letter.objects.get()
    assert letter.to == people.ada.email
    assert people.ann.name in letter.text
    assert "/new-password/" in letter.text
    notice = Notice.objects.get(to=people.ada)
    assert (notice.kind, notice.text) == ("account", f"{people.ann.name} made a link with which you set a new password")
    assert JournalEntry.objects.get(verb="password_link.made").details["mailed"] is True


def test_without_mail_the_link_is_shown_once_and_the_person_is_told(ann, people):
    page = do(ann, people, "password_link", people.ada).content.decode()
    assert "/new-password/" in page
    assert "/new-password/" not in ann.get(MEMBERS).content.decode()
    assert not Letter.objects.exists()
    assert Notice.objects.filter(to=people.ada, kind="account").count() == 1
    assert JournalEntry.objects.get(verb="password_link.made").details["mailed"] is False


def test_closing_an_account_ends_every_access_and_keeps_the_history(ann, people):
    secret, theirs = token(people.ada, people.team), desk(people.ada)
    services.new_password_link(people.ada)
    page = do(ann, people, "close_account", people.ada).content.decode()
    assert "The account of Ada Author is closed" in page
    assert "Closed" in page
    people.ada.refresh_from_db()
    assert (people.ada.is_active, people.ada.name) == (False, "Ada Author")
    assert people.ada.closed_at is not None
    assert theirs.get("/drafts/").status_code == 302
    assert not UserSession.objects.filter(user=people.ada).exists()
    assert ask(secret).status_code == 401
    assert not OneTimeLink.objects.filter(user=people.ada, used_at=None).exists()
    assert membership(people, people.ada).role == Role.AUTHOR
    assert JournalEntry.objects.get(verb="account.closed").target == "Ada Author"
    assert "Reopen it first" in do(ann, people, "password_link", people.ada).content.decode()


def test_only_who_knows_the_password_reads_that_an_account_is_closed(people):
    services.close_account(people.ann, membership(people, people.ada))
    right = Client().post("/account/login/", {"login": people.ada.email, "password": PASSWORD}, follow=True)
    assert "This account is closed" in right.content.decode()
    wrong = [
        Client().post("/account/login/", {"login": email, "password": "not the right one"}).content.decode()
        for email in (people.ada.email, "nobody@harbour.example")
    ]
    assert all("closed" not in page for page in wrong)
    assert Client().post("/account/forgotten/", {"email": people.ada.email}).status_code == 200
    assert not Letter.objects.exists()


def test_a_reopened_account_signs_in_again_without_its_tokens(ann, people):
    secret = token(people.ada, people.team)
    services.close_account(people.ann, membership(people, people.ada))
    assert "can sign in again" in do(ann, people, "reopen_account", people.ada).content.decode()
    desk(people.ada)
    assert ask(secret).status_code == 401
    people.ada.refresh_from_db()
    assert people.ada.closed_at is None
    assert JournalEntry.objects.filter(verb="account.reopened").exists()


def test_a_link_of_a_closed_account_sets_no_password(client, people):
    url = reverse("new_password", args=[services.new_password_link(people.ada)])
    User.objects.filter(pk=people.ada.pk).update(is_active=False)
    assert client.get(url).status_code == 410
    assert client.post(url, {"password": NEW, "password_again": NEW}).status_code == 410
    people.ada.refresh_from_db()
    assert people.ada.check_password(PASSWORD)


def test_a_team_keeps_an_administrator_with_an_open_account(ann, people):
    page = do(ann, people, "close_account", people.ann, own="yes").content.decode()
    assert "needs an administrator" in page
    people.ann.refresh_from_db()
    assert people.ann.is_active


def test_ones_own_account_takes_a_confirmation(ann, people):
    services.change_role(people.ann, membership(people, people.mai), Role.ADMINISTRATOR)
    assert "This is your own account" in do(ann, people, "close_account", people.ann).content.decode()
    people.ann.refresh_from_db()
    assert people.ann.is_active
    assert "This account is closed" in do(ann, people, "close_account", people.ann, own="yes").content.decode()
    assert ann.get("/drafts/").status_code == 302


def test_nobody_closes_the_account_of_somebody_who_works_elsewhere_too(ann, people):
    Membership.objects.create(user=people.ada, team=people.other_team, role=Role.AUTHOR)
    assert "manage.py close_account" in do(ann, people, "close_account", people.ada).content.decode()
    people.ada.refresh_from_db()
    assert people.ada.is_active
    call_command("close_account", people.ada.email)
    people.ada.refresh_from_db()
    assert not people.ada.is_active
    with pytest.raises(CommandError, match="closed already"):
        call_command("close_account", people.ada.email)
    call_command("reopen_account", people.ada.email)
    for command in ("close_account", "reopen_account"):
        with pytest.raises(CommandError, match="No account"):
            call_command(command, "nobody@harbour.example")


def test_an_administrator_ends_the_sessions_of_a_member(ann, people):
    theirs, others, secret = desk(people.ada), desk(people.mai), token(people.ada, people.team)
    page = do(ann, people, "end_sessions", people.ada).content.decode()
    assert "was signed out of 1 session." in page
    assert theirs.get("/drafts/").status_code == 302
    assert (others.get("/drafts/").status_code, ask(secret).status_code) == (200, 200)
    desk(people.ada)
    assert Notice.objects.filter(to=people.ada, kind="account").count() == 1
    assert JournalEntry.objects.get(verb="sessions.ended").actor == people.ann.name


def test_programs_close_reopen_and_end_sessions(people):
    secret = tokens.make(people.ann, people.team, "Admin", ["administer"], 30)[1]
    pk, own = membership(people, people.ada).pk, membership(people, people.ann).pk

    def post(path: str, body: str = "{}"):
        bearer = {"authorization": f"Bearer {secret}"}
        return Client().post(f"/api/v1/members/{path}", body, content_type="application/json", headers=bearer)

    theirs = desk(people.ada)
    assert post(f"{pk}/sessions/end").json() == {"ended": 1}
    assert theirs.get("/drafts/").status_code == 302
    assert post(f"{pk}/close").json()["closed_at"]
    assert post(f"{pk}/reopen").json()["closed_at"] is None
    assert post(f"{own}/close").status_code == 409
    assert post("999999/close").status_code == 404
    Membership.objects.create(user=people.ada, team=people.other_team, role=Role.AUTHOR)
    assert post(f"{pk}/close").status_code == 409


@pytest.mark.parametrize("verb", [services.close_account, services.reopen_account, services.end_sessions])
def test_only_administrators_do_any_of_it(people, verb):
    with pytest.raises(RoleNeeded):
        verb(people.mai, membership(people, people.ada))
