"""The same rules, approved at the same time, give the same digests on two databases, with other keys of rows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.utils import timezone

from studio.authoring.services import create
from studio.packs import pack_services
from studio.packs.models import Release
from tests.studio.packs.test_releases import own_folder, released, rule

__all__ = ["own_folder"]

pytestmark = pytest.mark.django_db

APPROVED_AT = datetime(2026, 5, 1, 10, tzinfo=UTC)


def digests(people, rows_in_the_way: int, day: int = 1) -> dict[str, str]:
    """Path → SHA-256 of a release in a database with other rows and other keys; nothing of it stays."""
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: datetime(2026, 11, day, 9, 30, tzinfo=UTC))
        for number in range(rows_in_the_way):
            create(people.team, people.ada, title=f"In the way {number}")
        pack = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="Ours.")
        with pytest.MonkeyPatch.context() as approval:
            approval.setattr(timezone, "now", lambda: APPROVED_AT)
            draft = rule(people)
        pack_services.add(pack, people.ada, [draft.pk])
        release = released(pack, people)
        assert Release.objects.count() == 1
        found = {path: one["sha256"] for path, one in release.files.items()}
        transaction.set_rollback(True)
    return found


def test_two_databases_give_equal_digests(people):
    first = digests(people, 0)
    assert first
    assert digests(people, 3) == first


def test_only_the_image_knows_the_day_of_the_release(people):
    first, later = digests(people, 0), digests(people, 0, day=2)
    assert first.keys() == later.keys()
    differ = {path for path in first if first[path] != later[path]}
    assert differ == {"oci/harbour-1.0.0.tar", "SHA256SUMS", "harbour-1.0.0.zip", "harbour-1.0.0.tar.gz"}
