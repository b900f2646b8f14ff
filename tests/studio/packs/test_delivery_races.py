"""A worker delivers a release while a maintainer yanks it: no branch ends with a yanked release.

On PostgreSQL only (conftest.py): the SQLite of the tests lives in memory, where threads share one connection.
"""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from studio.packs import delivering, pack_services, release_services
from studio.packs.models import Delivery, Placement, Release
from tests.people import cast
from tests.studio.packs.test_git_push import bare, destination  # noqa: F401 - fixtures
from tests.studio.packs.test_releases import own_folder, released, rule  # noqa: F401 - fixtures
from tests.studio.packs.test_retracting import add_rule, is_text_of

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]


def at_once(*deeds) -> None:
    """Run these at one moment."""
    gate, errors = threading.Barrier(len(deeds)), []

    def run(deed):
        gate.wait()
        try:
            deed()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert errors == []


def settle() -> None:
    """What workers do until nothing is on its way."""
    while waiting := Delivery.objects.filter(state__in=delivering.OPEN).order_by("pk").first():
        delivering.carry_out(waiting)


def test_a_yank_at_the_moment_of_the_push_leaves_no_yanked_release(bare, monkeypatch):  # noqa: F811
    people = cast()
    monkeypatch.setattr(delivering, "_send", lambda delivery, pause=0: None)
    pack = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="Ours.")
    pack_services.add(pack, people.ada, [rule(people).pk])
    destination(pack, people, bare)
    first = released(pack, people)
    settle()
    for number in range(1, 7):
        add_rule(people, pack, f"Rule {number}")
        latest = released(pack, people, f"1.{number}.0")
        delivery = latest.deliveries.get()
        at_once(
            lambda one=delivery: delivering.carry_out(one),
            lambda one=latest: release_services.yank(Release.objects.get(pk=one.pk), people.mai, "Too loud."),
        )
        settle()
        assert is_text_of(bare, first)
        assert Placement.objects.get().release == first


def test_two_workers_with_two_releases_leave_the_newer(bare, monkeypatch):  # noqa: F811
    people = cast()
    monkeypatch.setattr(delivering, "_send", lambda delivery, pause=0: None)
    pack = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="Ours.")
    pack_services.add(pack, people.ada, [rule(people).pk])
    destination(pack, people, bare)
    for number in range(1, 7):
        older = released(pack, people, f"{number}.0.0")
        add_rule(people, pack, f"Rule {number}")
        newer = released(pack, people, f"{number}.1.0")
        pair = [one.deliveries.get() for one in (older, newer)]
        at_once(*(lambda one=one: delivering.carry_out(one) for one in pair))
        settle()
        assert is_text_of(bare, newer)
        assert Placement.objects.get().release == newer
