"""Links that work once: set-up, invitation, new password, demo."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from studio.accounts import links, services
from studio.accounts.models import Membership, OneTimeLink, User
from studio.accounts.roles import Role
from tests.people import PASSWORD

NEW = "a heron in the reeds"
TWICE = {"password": NEW, "password_again": NEW}
FIRST = {"name": "Fay First", "email": "Fay@First.example", "team": "Hosts & <hosts>", **TWICE}


def test_it_creates_the_first_administrator_once(client, db):
    token = services.issue_setup_link()
    assert OneTimeLink.objects.get().token_hash == links.hashed(token)
    answer = client.post(f"/setup/{token}/", FIRST)
    assert answer.status_code == 302
    fay = User.objects.get(email="fay@first.example")
    membership = Membership.objects.get(user=fay)
    assert (membership.role, membership.team.name, membership.team.slug) == (
        "administrator",
        "Hosts & <hosts>",
        "hosts-hosts",
    )
    assert "Welcome, Fay" in client.get("/settings/").content.decode()
    assert client.post(f"/setup/{token}/", FIRST).status_code == 410


def test_it_offers_no_setup_once_there_are_people(client, people):
    assert services.issue_setup_link() is None
    _, token = links.issue(links.Purpose.SETUP)
    assert client.get(f"/setup/{token}/").status_code == 410
    with pytest.raises(CommandError, match="people already"):
        call_command("setup_link")


def test_it_prints_one_link_and_forgets_the_one_before(client, db):
    first, second = StringIO(), StringIO()
    call_command("setup_link", stdout=first)
    call_command("setup_link", address="https://mews.example", stdout=second)
    assert client.get(first.getvalue().strip().removeprefix("http://127.0.0.1:8000")).status_code == 410
    assert second.getvalue().startswith("https://mews.example/setup/")
    assert client.get(second.getvalue().strip().removeprefix("https://mews.example")).status_code == 200


def test_it_does_not_open_with_a_link_that_is_too_old(client, db):
    token = services.issue_setup_link()
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = client.get(f"/setup/{token}/")
    assert page.status_code == 410
    assert "manage.py setup_link" in page.content.decode()


def test_it_keeps_the_link_when_the_form_is_wrong(client, db):
    token = services.issue_setup_link()
    page = client.post(f"/setup/{token}/", FIRST | {"password_again": "something else"})
    assert page.status_code == 422
    assert "The two passwords differ." in page.content.decode()
    assert client.post(f"/setup/{token}/", FIRST).status_code == 302


def test_it_lets_only_one_of_two_spend_a_link(db):
    link, _ = links.issue(links.Purpose.SETUP)
    with transaction.atomic():
        links.spend(link)
        with pytest.raises(links.LinkSpent):
            links.spend(link)


def test_it_takes_a_new_person_into_the_team(client, people):
    _, token = services.invite(people.ann, people.team, "New@Harbour.example", Role.REVIEWER)
    page = client.get(f"/invitation/{token}/").content.decode()
    assert "Ann Administrator invites you as Reviewer" in page
    client.post(f"/invitation/{token}/", {"name": "Nia New", **TWICE})
    assert Membership.objects.get(user__email="new@harbour.example", team=people.team).role == "reviewer"
    assert client.get("/settings/").status_code == 200
    assert client.get(f"/invitation/{token}/").status_code == 410


def test_it_takes_a_known_person_in_after_they_sign_in(client, people):
    _, token = services.invite(people.ann, people.team, people.sam.email, Role.VIEWER)
    assert "Sign in with it to join" in client.get(f"/invitation/{token}/").content.decode()
    client.force_login(people.vic)
    client.post(f"/invitation/{token}/")
    assert not Membership.objects.filter(user=people.sam, team=people.team).exists()
    client.force_login(people.sam)
    client.post(f"/invitation/{token}/")
    assert Membership.objects.get(user=people.sam, team=people.team).role == "viewer"


def test_it_sets_a_new_password_and_ends_other_sessions(client, signed_in, people):
    membership = Membership.objects.get(user=people.ada)
    token = services.issue_password_link(people.ann, membership)
    fresh = type(client)()
    assert fresh.post(f"/new-password/{token}/", TWICE)["Location"] == "/"
    people.ada.refresh_from_db()
    assert people.ada.check_password(NEW)
    assert not people.ada.check_password(PASSWORD)
    assert signed_in.get("/settings/").status_code == 302


def test_it_helps_an_administrator_who_forgot_the_password(client, people):
    out = StringIO()
    call_command("password_link", "ANN@harbour.example", stdout=out)
    client.post(out.getvalue().strip().removeprefix("http://127.0.0.1:8000"), TWICE)
    people.ann.refresh_from_db()
    assert people.ann.check_password(NEW)
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("password_link", "x@y.example")


def test_it_does_not_mix_up_what_links_are_for(client, people):
    _, token = services.invite(people.ann, people.team, "new@harbour.example", Role.AUTHOR)
    for path in ("setup", "new-password", "enter"):
        assert client.get(f"/{path}/{token}/").status_code == 410
    assert client.get("/invitation/not-a-token/").status_code == 410


def test_it_keeps_tokens_out_of_the_log():
    from studio.logs import without_tokens

    event = without_tokens(None, "info", {"event": "request_finished", "request": "GET /setup/s3cr3t-token/"})
    assert event["request"] == "GET /setup/…/"
