"""The same rules released on two databases, on two days, by people with other keys of rows, give the same digests."""

from __future__ import annotations

import pytest

from studio.authoring.services import create
from studio.packs.models import Release
from tests.studio.packs.test_releases import own_folder, pack, released, rule  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["first database", "second database"])
def database(request, people):
    """The second one has other keys and other rows in it, and another clock."""
    if request.param == "second database":
        for number in range(3):
            create(people.team, people.ada, title=f"In the way {number}")
    return request.param


DIGESTS: dict[str, dict[str, str]] = {}


@pytest.mark.xdist_group("same bytes")
def test_two_databases_give_equal_digests(database, people, pack):  # noqa: F811
    release = released(pack, people)
    DIGESTS[database] = {path: one["sha256"] for path, one in release.files.items()}
    assert Release.objects.count() == 1
    assert len({tuple(sorted(one.items())) for one in DIGESTS.values()}) == 1


@pytest.mark.xdist_group("same bytes")
def test_both_were_compared():
    assert len(DIGESTS) == 2
