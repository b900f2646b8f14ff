"""The team's setting "Open conversations block approval", in services, on the page and over the API."""

from __future__ import annotations

import pytest

from studio.review import decisions, talk
from studio.review.decisions import CannotDecideError
from studio.review.lifecycle import State
from studio.review.talk import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(house, people):
    revision = house.hand_in()
    return talk.begin(revision.pk, people.team, people.rui, Place("whole"), "Why bash?").thread


def block(people):
    people.team.open_threads_block = True
    people.team.save()


def test_open_threads_do_not_block_unless_the_team_wants_it(house, people, thread):
    assert house.approve(thread.revision).state == State.APPROVED


def test_an_open_thread_blocks_everyone_until_it_is_resolved(house, people, thread, client):
    block(people)
    revision = thread.revision
    with pytest.raises(CannotDecideError, match="1 conversation is open"):
        house.approve(revision)
    with pytest.raises(CannotDecideError, match="conversation is open"):
        decisions.approve(revision.pk, people.team, people.ann, revision.content_hash, override="Now.")
    client.force_login(people.rui)
    page = client.get(f"/reviews/{revision.pk}/").content.decode()
    assert "1 conversation is open. Resolve it before you approve this revision." in page
    assert 'value="approve"' not in page
    answer = client.post(
        f"/reviews/{revision.pk}/decide/", {"verdict": "approve", "seen": revision.content_hash}, follow=True
    )
    assert "conversation is open" in answer.content.decode()
    talk.resolve(thread.pk, people.team, people.rui, resolved=True)
    assert house.approve(revision).state == State.APPROVED


def test_a_thread_of_an_earlier_revision_blocks_too(house, people, thread):
    block(people)
    house.send_back(thread.revision)
    second = house.hand_in()
    with pytest.raises(CannotDecideError, match="conversation is open"):
        house.approve(second)
    talk.resolve(thread.pk, people.team, people.ada, resolved=True)
    assert house.approve(second).state == State.APPROVED


def test_changes_can_be_requested_all_the_same(house, people, thread):
    block(people)
    assert house.send_back(thread.revision).state == State.CHANGES_REQUESTED
