"""Exceptions of approved rules: who answers for them, and which have expired or soon will."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.authoring import edits
from studio.authoring.content import ExceptionTable
from tests.studio.review.conftest import catalogue, changed, desk, draft, house

__all__ = ["catalogue", "changed", "desk", "draft", "house"]

pytestmark = pytest.mark.django_db


def page(client, address):
    return client.get(address).content.decode()


def approve_with(house, **noted):
    table = ExceptionTable("backup_jobs", ("user.name",), ("=",), (("backup",),), **noted)
    house.edit(edits.set_tables([table]))
    return house.approve(house.hand_in())


def day(distance):
    return (timezone.localdate() + timedelta(days=distance)).isoformat()


def test_without_an_exception_it_says_how_one_comes_here(desk):
    assert "No approved rule has an exception" in page(desk.client, "/library/exceptions/")


def test_an_expired_one_is_told_in_the_queue_the_library_and_at_its_rule(desk, house):
    revision = approve_with(house, owner="Ada", reason="Nightly", expires=day(-2))
    for address in ("/reviews/", "/library/"):
        assert "An exception of “Disable recovery features” expired 2 days ago." in page(desk.client, address)
    rule = page(desk.client, f"/library/{revision.draft_id}/")
    assert "The exception backup_jobs expired 2 days ago." in rule
    assert "Nightly" in rule
    listed = page(desk.client, "/library/exceptions/")
    assert "backup_jobs" in listed
    assert "expired 2 days ago" in listed
    assert "Every exception has an owner" in page(desk.client, "/library/exceptions/?view=ownerless")


def test_one_far_from_its_last_day_is_listed_and_no_cause_for_alarm(desk, house):
    approve_with(house, expires=day(100))
    assert "Falco knows no last day" not in page(desk.client, "/library/")
    assert "Nothing expires soon" in page(desk.client, "/library/exceptions/")
    assert "expires in 100 days" in page(desk.client, "/library/exceptions/?view=all")
    assert "backup_jobs" in page(desk.client, "/library/exceptions/?view=ownerless")


def test_a_reviewer_sees_that_only_the_last_day_changed(desk, house):
    approve_with(house, owner="Ada", expires=day(3))
    table = ExceptionTable("backup_jobs", ("user.name",), ("=",), (("backup",),), "Ada", "", day(90))
    house.edit(edits.set_tables([table]))
    shown = page(desk.client, house.hand_in().get_absolute_url())
    assert f"The last day of the exception backup_jobs is {day(90)}." in shown
