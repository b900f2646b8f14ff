"""Exceptions that expire: who is told, once before the last day and once after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from studio.authoring import edits
from studio.authoring.content import ExceptionTable
from studio.notices.models import Kind, Notice
from studio.review import expiring
from studio.review.models import Revision

pytestmark = pytest.mark.django_db


def day(distance):
    return (timezone.localdate() + timedelta(days=distance)).isoformat()


@pytest.fixture
def approved(house):
    """Approves the rule with an exception of this owner and last day."""

    def approve(expires, owner="Mai Maintainer"):
        table = ExceptionTable("backup_jobs", ("user.name",), ("=",), (("backup",),), owner, "Nightly jobs", expires)
        house.edit(edits.set_tables([table]))
        return house.approve(house.hand_in())

    return approve


def told():
    return {
        one.to.name: one.text for one in Notice.objects.filter(kind=Kind.EXPIRES).order_by("pk").select_related("to")
    }


def test_contributors_and_the_owner_are_told_once_before_and_once_after(people, approved):
    revision = approved(day(5))
    assert expiring.tell() == 1
    text = f"The exception backup_jobs of {revision.name} expires on {day(5)}"
    assert told() == {"Ada Author": text, "Mai Maintainer": text}
    assert expiring.tell() == 0
    later = timezone.localdate() + timedelta(days=6)
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("django.utils.timezone.localdate", lambda *_: later)
        call_command("tell_expiring")
    assert told()["Ada Author"].endswith(f"expired on {day(5)}")
    assert Notice.objects.filter(kind=Kind.EXPIRES).count() == 4


def test_the_notice_leads_to_the_rule(signed_in, people, approved):
    revision = approved(day(-1))
    expiring.tell()
    notice = Notice.objects.get(kind=Kind.EXPIRES, to=people.ada)
    assert signed_in.get(f"/notices/{notice.pk}/").url == f"/library/{revision.draft_id}/#rule-exceptions"
    assert notice.excerpt == "Nightly jobs"


def test_far_off_days_and_people_of_other_teams_are_left_alone(people, approved):
    approved(day(60))
    assert expiring.tell() == 0
    people.ada.memberships.all().delete()
    approved_soon = Revision.objects.get()
    Revision.objects.filter(pk=approved_soon.pk).update(first_expiry=day(-1))
    assert expiring.tell() == 0, "the exception's own day counts"
    assert told() == {}


def test_the_last_step_tells_of_it(house, people):
    table = ExceptionTable("backup_jobs", ("user.name",), ("=",), (("backup",),), expires=day(-1))
    house.edit(edits.set_tables([table]))
    page = house.desk.client.get(house.desk.url("check")).content.decode()
    assert "The exception backup_jobs expired yesterday." in page
