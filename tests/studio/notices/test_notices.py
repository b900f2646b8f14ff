"""Notices: who is told of what, the bell's number, and being done with them."""

from __future__ import annotations

import pytest

from studio.notices.models import Notice
from studio.review import services, talk
from studio.review.talk import Place
from tests.studio.review.conftest import catalogue, desk, draft, house

__all__ = ["catalogue", "desk", "draft", "house"]

pytestmark = pytest.mark.django_db


def told(person):
    return list(Notice.objects.filter(to=person).order_by("id").values_list("kind", flat=True))


def test_a_hand_in_is_told_to_everybody_who_may_approve_it(people, house):
    house.hand_in(note="Please be quick.")
    assert [one.name for one in (people.rui, people.mai, people.ann) if told(one) == ["handed_in"]] == [
        "Rui Reviewer", "Mai Maintainer", "Ann Administrator",
    ]  # fmt: skip
    assert told(people.ada) == told(people.vic) == told(people.sam) == []
    assert Notice.objects.filter(to=people.rui).get().excerpt == "Please be quick."


def test_a_decision_is_told_to_who_wrote_it(people, house):
    house.send_back(house.hand_in(), note="Name the user.")
    assert told(people.ada) == ["changes"]
    assert "Rui Reviewer requests changes in Disable recovery features, revision 1" in str(
        Notice.objects.get(to=people.ada)
    )


def test_who_is_asked_is_told_once(people, house):
    revision = house.hand_in()
    for _ in range(2):
        services.assign(revision.pk, people.team, people.ada, [people.mai.pk])
    assert told(people.mai) == ["handed_in", "asked"]


def test_a_comment_is_told_to_the_author_and_the_thread_and_a_mention_only_once(people, house):
    revision = house.hand_in()
    Notice.objects.all().delete()
    first = talk.begin(revision.pk, people.team, people.rui, Place("condition"), "Why?")
    assert told(people.ada) == ["comment"]
    talk.reply(first.thread_id, people.team, people.ada, "Because. @Mai knows, @Rui.")
    assert told(people.rui) == ["mention"]
    assert told(people.mai) == ["mention"]
    talk.reply(first.thread_id, people.team, people.mai, "Yes.")
    assert told(people.ada) == ["comment", "comment"]
    assert told(people.rui) == ["mention", "comment"]
    assert Notice.objects.last().url.endswith(f"#thread-{first.thread_id}")


def test_the_bell_counts_and_following_a_notice_marks_it_read(client, people, house):
    revision = house.hand_in()
    client.force_login(people.rui)
    assert 'aria-label="Notices: 1 unread"' in client.get("/reviews/").content.decode()
    notice = Notice.objects.get(to=people.rui)
    assert client.get(f"/notices/{notice.pk}/").url == revision.get_absolute_url()
    page = client.get("/notices/").content.decode()
    assert 'aria-label="Notices"' in page
    assert "Ada Author handed in" in page
    assert "You have read everything" in client.get("/notices/?show=unread").content.decode()


def test_all_are_marked_read_at_once(client, people, house):
    house.hand_in()
    client.force_login(people.mai)
    assert "Mark all read" in client.get("/notices/").content.decode()
    client.post("/notices/read/")
    assert "Mark all read" not in client.get("/notices/").content.decode()
    assert Notice.objects.filter(to=people.rui, read_at=None).exists()


def test_nobody_opens_another_s_notice(client, people, house):
    house.hand_in()
    notice = Notice.objects.get(to=people.rui)
    for person in (people.mai, people.sam):
        client.force_login(person)
        assert client.get(f"/notices/{notice.pk}/").status_code == 404
    assert Notice.objects.get(pk=notice.pk).read_at is None


def test_long_names_and_texts_fit(people, house):
    from studio.authoring import edits

    house.edit(edits.set_details("N" * 200, "Long.", "CRITICAL", True, ()))
    people.ada.name = "A" * 200
    people.ada.save()
    house.hand_in(note="word " * 300)
    notice = Notice.objects.filter(to=people.rui).get()
    assert len(notice.text) <= 500
    assert notice.excerpt.endswith("…")
