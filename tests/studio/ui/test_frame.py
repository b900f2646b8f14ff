"""The frame around every page."""

from __future__ import annotations

import pytest


@pytest.mark.django_db
def test_it_says_that_it_is_well(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


def test_it_sends_a_stranger_to_the_door_and_back(client, db):
    answer = client.get("/settings/")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/settings/"
