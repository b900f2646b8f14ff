"""A deprecated rule leaves packs and coverage, and comes back with its approval."""

from __future__ import annotations

import pytest

from studio.coverage import queries as coverage
from studio.packs import materials, pack_services
from studio.review import retiring
from studio.review.models import Revision
from tests.studio.packs.test_releases import rule

pytestmark = pytest.mark.django_db


def test_it_leaves_packs_and_coverage(people):
    draft = rule(people)
    pack = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="Ours.")
    pack_services.add(pack, people.ada, [draft.pk])
    revision = Revision.objects.get()
    retiring.deprecate(revision.pk, people.team, people.mai, "Gone.")
    assert materials.members(pack) == []
    assert coverage.rules(people.team) == []
    retiring.reinstate(revision.pk, people.team, people.mai, "Back.")
    assert [one.standing for one in materials.members(pack)] == ["approved"]
    assert len(coverage.rules(people.team)) == 1
