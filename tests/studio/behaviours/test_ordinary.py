"""Ordinary life: the same day every time, and every kind of work in it that a rule must leave alone."""

from __future__ import annotations

import pytest

from studio.behaviours import ordinary
from studio.behaviours.fleet import MIDNIGHT, OFTEN, SECOND

#: What the lab promises to try a rule on, and scenes that hold it.
PROMISED = {
    "boot": "Boot", "login": "Sign in", "package upgrade": "Package upgrade", "backup": "Nightly backup",
    "cron": "Cron", "log rotation": "Log rotation", "build": "Build pipeline", "web server": "Web server",
    "database": "Database", "container start": "Container starts", "container probe": "Container probes",
    "kubelet": "Kubelet",
}  # fmt: skip


def test_the_same_seed_gives_the_same_day():
    first = ordinary.baseline()
    ordinary.baseline.cache_clear()
    assert [(one.name, one.fields) for one in ordinary.baseline()] == [(one.name, one.fields) for one in first]
    assert len(first) >= 3000


@pytest.mark.parametrize("scene", PROMISED.values(), ids=PROMISED)
def test_it_holds_every_kind_of_ordinary_work(scene):
    assert sum(one.name.startswith(scene) for one in ordinary.baseline()) >= 15


def test_every_scene_that_happens_often_is_one_of_the_data():
    titles = {one.name.partition(":")[0].rstrip("0123456789").rstrip() for one in ordinary.baseline()}
    assert set(OFTEN) <= titles


def test_rounds_differ_in_people_and_addresses_and_stay_within_the_day():
    events = ordinary.baseline()
    assert len({one.fields["user.name"] for one in events if one.name.startswith("Sign in over SSH")}) > 2
    assert len({one.fields["container.id"] for one in events}) > 20
    assert all(MIDNIGHT <= one.fields["evt.time"] < MIDNIGHT + 90_000 * SECOND for one in events)
