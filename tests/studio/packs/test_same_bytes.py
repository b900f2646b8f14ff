"""The same rules, approved at the same time, give the same digests on two databases, on two days, with other keys."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from studio.authoring.services import create
from studio.packs import pack_services
from studio.packs.models import Release
from tests.studio.packs.test_releases import own_folder, released, rule

__all__ = ["own_folder"]

pytestmark = pytest.mark.django_db

APPROVED_AT = datetime(2026, 5, 1, 10, tzinfo=UTC)


def digests(people, rows_in_the_way: int) -> dict[str, str]:
    """Path → SHA-256 of a release in a database with other rows and other keys; nothing of it stays."""
    with transaction.atomic():
        for number in range(rows_in_the_way):
            create(people.team, people.ada, title=f"In the way {number}")
        pack = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="Ours.")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("django.utils.timezone.now", lambda: APPROVED_AT)
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
