"""Through the door and out again."""

from __future__ import annotations

import pytest

from studio.accounts.models import User
from tests.people import PASSWORD


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post("/account/login/", {"login": email, "password": password, **extra})


def test_it_lets_ada_in_by_her_address_in_any_case(client, people):
    answer = sign_in(client, "Ada@Harbour.example", next="/settings/team/")
    assert answer["Location"] == "/settings/team/"
    assert client.get("/settings/").context["user"] == people.ada


def test_it_says_nothing_about_which_half_was_wrong(client, people):
    wrong_password = sign_in(client, people.ada.email, "not this one").content.decode()
    nobody = sign_in(client, "nobody@harbour.example", "not this one").content.decode()
    assert "not correct" in wrong_password
    assert "not correct" in nobody


def test_it_refuses_after_five_wrong_passwords_even_the_right_one(client, people):
    for _ in range(5):
        sign_in(client, people.ada.email, "not this one")
    assert "Too many failed" in sign_in(client, people.ada.email).content.decode()
    assert client.get("/settings/").status_code == 302


def test_it_signs_out_by_a_button_only(signed_in):
    assert signed_in.get("/account/logout/").status_code == 200
    assert signed_in.post("/account/logout/")["Location"] == "/account/login/"
    assert signed_in.get("/settings/").status_code == 302


@pytest.mark.parametrize("path", ["/account/signup/", "/accounts/signup/", "/admin/", "/account/email/"])
def test_it_has_no_open_door(client, people, path):
    assert client.get(path).status_code == 404


def test_it_does_not_let_in_who_was_closed_out(client, people):
    User.objects.filter(pk=people.ada.pk).update(is_active=False)
    sign_in(client, people.ada.email)
    assert client.get("/settings/").status_code == 302


@pytest.mark.parametrize(
    ("new", "complaint"),
    [
        ("short", "at least 12 characters"),
        ("password1234", "too common"),
        ("928374650192", "entirely numeric"),
        ("ada@harbour.example", "too similar"),
    ],
)
def test_it_wants_a_decent_new_password(signed_in, new, complaint):
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    page = signed_in.post("/account/password/", fields).content.decode()
    assert complaint in page


def test_it_changes_the_password_and_keeps_ada_signed_in(signed_in, people):
    new = "a heron in the reeds"
    signed_in.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    people.ada.refresh_from_db()
    assert people.ada.check_password(new)
    assert signed_in.get("/settings/").status_code == 200
