"""Several people at once: whoever comes second is told, and nothing is approved that nobody saw.

On PostgreSQL only (conftest.py): the SQLite of the tests lives in memory, where threads share one connection.
"""

from __future__ import annotations

import os
import threading

import pytest
from django.db import connections

from studio.authoring import edits
from studio.authoring import services as authoring
from studio.authoring.models import Draft
from studio.authoring.services import Seen
from studio.review import services, talk
from studio.review.decisions import CannotDecideError
from studio.review.lifecycle import State, WrongStateError
from studio.review.models import Comment, Decision, Revision
from studio.review.talk import Place
from tests.people import cast
from tests.studio.authoring.conftest import catalogue, desk, draft
from tests.studio.review.conftest import House

__all__ = ["catalogue", "desk", "draft"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def people(transactional_db):
    return cast()


def at_once(*deeds):
    """Run these at one moment; what each gave, or the refusal that it met."""
    gate, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(number, deed):
        gate.wait()
        try:
            results[number] = deed()
        except (CannotDecideError, WrongStateError, services.NotReadyError) as refusal:
            results[number] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


#: RACE_ROUNDS=200 for a long look.
ROUNDS = range(int(os.environ.get("RACE_ROUNDS", "12")))


def test_of_two_reviewers_one_decides_and_the_other_is_told(people, desk):
    desk.write_article()
    house = House(people, desk)
    for number in ROUNDS:
        house.edit(edits.set_output(f"Words {number}"))
        revision = house.hand_in()
        found = at_once(
            lambda r=revision: house.approve(r, people.rui), lambda r=revision: house.send_back(r, by=people.mai)
        )
        refused = [one for one in found if isinstance(one, Exception)]
        assert len(refused) == 1
        assert isinstance(refused[0], WrongStateError)
        revision.refresh_from_db()
        assert revision.state in (State.APPROVED, State.CHANGES_REQUESTED)
        assert Decision.objects.filter(revision=revision).count() == 1


def test_an_edit_meanwhile_is_never_approved_with_it(people, desk):
    desk.write_article()
    house = House(people, desk)
    for number in ROUNDS:
        house.edit(edits.set_output(f"Seen {number}"))
        revision = house.hand_in()
        seen = Draft.objects.get(pk=revision.draft_id).version
        who = Seen(people.ada, people.team, seen)
        at_once(
            lambda r=revision: house.approve(r),
            lambda w=who, n=number, r=revision: authoring.edit(r.draft_id, w, edits.set_output(f"Unseen {n}")),
        )
        approved = Revision.objects.get(draft=revision.draft_id, state=State.APPROVED)
        assert approved.content_hash == services.content_hash(approved.content)
        assert f"Seen {number}" in approved.yaml
        assert Draft.objects.get(pk=revision.draft_id).rule_content().output == f"Unseen {number}"


def test_no_comment_is_lost(people, desk):
    desk.write_article()
    revision = House(people, desk).hand_in()
    writers = [people.ada, people.rui, people.mai, people.ann]
    for number in ROUNDS:
        at_once(
            *(
                lambda w=writer, n=number: talk.begin(revision.pk, people.team, w, Place("whole"), f"{n}")
                for writer in writers
            )
        )
    assert Comment.objects.count() == len(writers) * len(ROUNDS)
