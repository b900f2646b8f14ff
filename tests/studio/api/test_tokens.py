"""Tokens: made and shown once, with scopes and an end; they let in as their person, and never further."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.accounts.models import Membership
from studio.accounts.permissions import RoleNeeded
from studio.api import tokens
from studio.api.models import ApiToken
from studio.audit.models import JournalEntry
from tests.studio.api.conftest import program_of

pytestmark = pytest.mark.django_db


def test_a_token_is_shown_once_and_only_its_hash_is_kept(signed_in, people):
    signed_in.post("/api/tokens/", {"name": "Nightly check", "scopes": ["write"], "days": 30})
    first = signed_in.get("/api/tokens/").content.decode()
    kept = ApiToken.objects.get()
    secret = first.split('id="new-token" readonly value="')[1].split('"')[0]
    assert secret.startswith(kept.prefix)
    assert secret not in str(vars(kept))
    assert tokens.find(secret) == kept
    assert kept.scopes == ["read", "write"]
    again = signed_in.get("/api/tokens/").content.decode()
    assert secret not in again
    assert f"{kept.prefix}…" in again
    assert JournalEntry.objects.filter(verb="token.made", actor_id=people.ada.pk).exists()


def test_without_a_word_on_time_it_lasts_ninety_days_and_never_more_than_a_year(signed_in):
    page = signed_in.get("/api/tokens/").content.decode()
    assert 'name="days" value="90"' in page
    answer = signed_in.post("/api/tokens/", {"name": "Long", "days": 366})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_nobody_gives_a_token_more_than_their_role_has(people, signed_in):
    answer = signed_in.post("/api/tokens/", {"name": "Grand", "scopes": ["journal"], "days": 3})
    assert answer.status_code == 422
    with pytest.raises(tokens.CannotMakeError):
        tokens.make(people.ada, people.team, "Grand", ["review"], 3)
    with pytest.raises(RoleNeeded):
        tokens.make(people.sam, people.team, "Strange", [], 3)


def test_a_team_that_asks_for_a_second_factor_asks_for_it_here_too(people):
    people.team.second_factor_required = True
    people.team.save()
    with pytest.raises(tokens.CannotMakeError):
        tokens.make(people.ada, people.team, "Nightly", [], 3)
    assert tokens.make(people.ada, people.team, "Nightly", [], 3, vouched=True)


def test_a_revoked_token_lets_nobody_in(ada, signed_in, people):
    assert ada.get("/me").json()["person"]["name"] == "Ada Author"
    signed_in.post(f"/api/tokens/{ApiToken.objects.get().pk}/revoke/")
    answer = ada.get("/me")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert JournalEntry.objects.filter(verb="token.revoked").exists()


def test_an_expired_token_lets_nobody_in(ada):
    past = timezone.now() - timedelta(days=9)
    ApiToken.objects.update(created_at=past, expires_at=past + timedelta(days=1))
    assert ada.get("/me").status_code == 401


def test_who_left_or_was_lowered_takes_their_token_along(ada, people):
    mine = Membership.objects.filter(user=people.ada)
    mine.update(role="viewer")
    assert ada.get("/drafts").status_code == 200
    assert ada.post("/drafts", {}).status_code == 403
    mine.delete()
    assert ada.get("/drafts").status_code == 401


def test_a_token_does_only_what_its_scopes_say(people):
    reader = program_of(people.ann, people.team, scopes=[])
    answer = reader.post("/drafts", {})
    assert answer.status_code == 403
    assert "scope write" in answer.json()["detail"]


def test_a_cookie_is_no_token(signed_in):
    assert signed_in.get("/api/v1/drafts").status_code == 401
    assert signed_in.post("/api/v1/drafts", {}, content_type="application/json").status_code == 401


def test_the_journal_names_the_token(ada, signed_in, people):
    ada.post("/drafts", {"title": "By a program"})
    signed_in.post("/drafts/new/", {"title": "By hand"})
    said = [
        one.details.get("by_way_of") for one in JournalEntry.objects.filter(verb="draft.created").order_by("number")
    ]
    token = ApiToken.objects.get()
    assert said == [f"API token Test ({token.prefix}…)", None]


def test_only_administrators_end_other_peoples_tokens(programs, client, people):
    token = ApiToken.objects.get(user=people.ada)
    client.force_login(people.rui)
    assert client.post(f"/api/tokens/{token.pk}/revoke/").status_code == 404
    client.force_login(people.ann)
    assert client.post(f"/api/tokens/{token.pk}/revoke/").status_code == 302
    assert programs["ada"].get("/me").status_code == 401


def test_the_last_use_is_noted(ada):
    ada.get("/me")
    assert ApiToken.objects.get().last_used_at is not None


def test_who_asks_too_often_waits(ada, monkeypatch):
    from ninja.throttling import SimpleRateThrottle

    from studio.api import machine

    throttles = [one for _, _, operation in machine.operations() for one in operation.throttle_objects]
    assert throttles
    assert all(isinstance(one, SimpleRateThrottle) for one in throttles)
    for one in throttles:
        monkeypatch.setattr(one, "num_requests", 2)
    assert [ada.get("/me").status_code for _ in range(3)] == [200, 200, 429]
    refused = ada.get("/me")
    assert refused["Content-Type"] == "application/problem+json"
    assert int(refused["Retry-After"]) > 0


def test_what_has_a_limit_in_the_pages_has_it_here(people, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "links": "2/h/user"}
    ann = program_of(people.ann, people.team)
    asked = [ann.post("/invitations", {"email": f"{number}@x.example"}) for number in range(3)]
    assert [one.status_code for one in asked] == [201, 201, 429]
    assert asked[-1]["Content-Type"] == "application/problem+json"
