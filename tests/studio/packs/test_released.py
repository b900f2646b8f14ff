"""A rule tells where it went: in releases that are ready and not yanked."""

from __future__ import annotations

import pytest

from studio.packs import release_services
from studio.review.models import Revision
from tests.studio.packs.test_releases import own_folder, pack, released

__all__ = ["own_folder", "pack"]

pytestmark = pytest.mark.django_db


def test_a_rule_tells_where_it_was_released(client, people, pack):
    client.force_login(people.mai)
    revision = Revision.objects.get()
    page = f"/library/{revision.draft_id}/"
    assert "no pack yet" in client.get(page).content.decode()
    assert revision.name in client.get("/library/?state=unreleased").content.decode()
    release = released(pack, people)
    assert "Harbour 1.0.0" in client.get(page).content.decode()
    assert "Harbour 1.0.0" in client.get(revision.get_absolute_url()).content.decode()
    assert revision.name in client.get("/library/?state=released").content.decode()
    assert "No rule matches" in client.get("/library/?state=unreleased").content.decode()
    release_services.yank(release, people.mai, "Too noisy.")
    assert "no pack yet" in client.get(page).content.decode()
