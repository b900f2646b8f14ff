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
from studio.definitions import services as definitions
from studio.definitions.values import MACRO, Term
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
ROUNDS = range(int(os.environ.get("RACE_ROUNDS", "7")))


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


def test_a_macro_that_changes_meanwhile_comes_with_its_writer(people, desk):
    desk.write_article()
    house = House(people, desk)
    term = Term(MACRO, "acme_any", condition="not user.uid = 70000")
    found = definitions.create(people.team, people.ada, term)
    house.edit(edits.set_condition(f"({house.desk.now().rule_content().condition}) and acme_any"))
    for number in ROUNDS:
        seen, text = definitions.Seen(people.rui, people.team, found.version), f"not user.uid = {70001 + number}"
        house.edit(edits.set_output(f"Words {number}"))
        revision, found = at_once(
            house.hand_in,
            lambda s=seen, t=text, k=found.pk: definitions.change(k, s, Term(MACRO, "acme_any", condition=t)),
        )
        kept = revision.rule_content().definitions
        assert [one.name for one in kept] == ["acme_any"]
        if kept[0].condition == text:
            assert people.rui in revision.contributors.all()
        house.approve(revision, people.mai)
        with pytest.raises((CannotDecideError, WrongStateError)):
            house.approve(revision, people.mai)


def test_of_two_approvals_the_last_one_counts_both_or_waits(people, desk):
    people.team.required_approvals = 2
    people.team.save()
    desk.write_article()
    house = House(people, desk)
    for number in ROUNDS:
        house.edit(edits.set_output(f"Words {number}"))
        revision = house.hand_in()
        at_once(
            lambda r=revision: house.approve(r, people.rui),
            lambda r=revision: house.approve(r, people.mai),
        )
        revision.refresh_from_db()
        assert (revision.state, Decision.objects.filter(revision=revision).count()) == (State.APPROVED, 2)


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
