"""Deliveries that were made before placements were recorded are found again by their outcome."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from studio.packs.models import Delivery, Destination, Placement
from tests.studio.packs.test_releases import own_folder, pack, released  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
DIGEST = f"sha256:{'a' * 64}"


def test_the_last_delivery_to_each_branch_and_tag_counts(people, pack):  # noqa: F811
    first = released(pack, people)
    second = released(pack, people, "1.0.1")
    about = {"pack": pack, "made_by": people.mai, "label": "x"}
    registry = Destination.objects.create(kind="registry", address="r.example/a", **about)
    branch = Destination.objects.create(kind="git", address="https://g.example/a", branch="main", **about)
    outcomes = [
        (first, registry, f"{DIGEST} as 1.0.0, 1.0, 1, latest."),
        (second, registry, f"{DIGEST} as 1.0.1, 1.0, 1, latest."),
        (first, branch, "Commit 0123456789ab on main."),
        (second, branch, "The branch x is there already; it was left as it is."),
    ]
    for release, destination, outcome in outcomes:
        row = {"release": release, "destination": destination, "asked_by": people.mai, "asked_at": timezone.now()}
        Delivery.objects.create(**row, state="done", outcome=outcome, finished_at=timezone.now())
    import_module("studio.packs.migrations.0012_placements").note_placements(apps, None)
    held = {(one.name, one.release.version, one.is_moving) for one in Placement.objects.all()}
    assert held == {
        ("1.0.0", "1.0.0", False), ("1.0.1", "1.0.1", False), ("1.0", "1.0.1", True), ("1", "1.0.1", True),
        ("latest", "1.0.1", True), ("main", "1.0.0", True),
    }  # fmt: skip
    assert Placement.objects.get(name="latest").reference == DIGEST
