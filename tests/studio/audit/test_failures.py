"""Sign-ins that failed are written down: who was meant and from where, seldom enough, and nothing that was typed."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache

from studio.audit import failures
from studio.audit.models import JournalEntry
from tests.people import PASSWORD
from tests.studio.accounts.test_second_factor import LOGIN, set_up_app, sign_in

pytestmark = pytest.mark.django_db


def failed():
    return list(JournalEntry.objects.filter(verb=failures.VERB).order_by("number"))


def test_a_wrong_password_is_one_entry_about_the_person_however_often(client, people):
    for _ in range(4):
        client.post(LOGIN, {"login": people.ada.email.upper(), "password": "typed in haste"})
    [entry] = failed()
    assert (entry.actor, entry.actor_id, entry.target, entry.team_id) == ("Mews", None, "Ada Author", people.team.pk)
    assert entry.details == {"by": "password", "from": "127.0.0.1"}
    cache.delete(f"sign_in_failed_{people.ada.pk}")  # five minutes later
    client.post(LOGIN, {"login": people.ada.email, "password": "typed in haste"})
    assert failed()[1].details["since_last_entry"] == 3


def test_what_nobody_is_called_stands_nowhere(client, people):
    for typed in ("my-secret-pass@word.example", "else@nowhere.example"):
        client.post(LOGIN, {"login": typed, "password": "typed in haste"})
    [entry] = failed()
    assert (entry.target, entry.target_id) == (failures.UNKNOWN, "")
    assert "nowhere" not in (kept := json.dumps(list(JournalEntry.objects.values()), default=str))
    assert "secret" not in kept
    assert "haste" not in kept


def test_so_is_a_wrong_code_or_key_after_the_right_password(client, people):
    sign_in(client, people.ada)
    set_up_app(client)
    for data, by in (({"code": "000000"}, "code"), ({"credential": "{}"}, "key")):
        client.post("/account/logout/")
        client.post(LOGIN, {"login": people.ada.email, "password": PASSWORD})
        cache.clear()
        client.post("/account/second-factor/authenticate/", data)
        assert (failed()[-1].target, failed()[-1].details["by"]) == ("Ada Author", by)


def test_a_right_one_is_no_failure(client, people):
    sign_in(client, people.ada)
    assert failed() == []
