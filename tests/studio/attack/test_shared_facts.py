"""The embedded release against the list of Linux and container techniques that the house was planned with."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from studio.attack import queries, services

SHARED = Path(os.environ.get("MEWS_SHARED") or Path(__file__).resolve().parents[3].parent / "shared") / "attack"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the planning facts are not beside this checkout"),
]


def test_it_has_exactly_the_planned_techniques_with_their_tactics_and_parents():
    services.sync()
    with (SHARED / "linux_container_techniques.csv").open() as file:
        planned = {row["id"]: row for row in csv.DictReader(file)}
    found = {technique.attack_id: technique for technique in queries.search(platforms=queries.DEFAULT_PLATFORMS)}
    assert set(found) == set(planned)
    tactics = queries.technique_tactics()
    for attack_id, row in planned.items():
        assert found[attack_id].name == row["name"]
        assert found[attack_id].parent_id == (row["parent"] or None)
        assert tactics[attack_id] == set(row["tactics"].split("|"))
    order = [[tactic.attack_id, tactic.slug, tactic.name] for tactic in queries.tactics()]
    assert order == json.loads((SHARED / "tactics-18.1.json").read_text())
