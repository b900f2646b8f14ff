"""Deprecated rules: who may, with which reason, and what becomes of them."""

from __future__ import annotations

import pytest

from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.authoring import edits
from studio.notices.models import Notice
from studio.review import retiring, terms
from studio.review.lifecycle import State, WrongStateError
from studio.review.models import Revision
from studio.review.retiring import NoReasonError

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(house):
    return house.approve(house.hand_in())


def deprecate(people, revision, reason="The tool is gone."):
    return retiring.deprecate(revision.pk, people.team, people.mai, reason)


def test_a_maintainer_deprecates_with_a_reason_that_is_kept(people, approved):
    with pytest.raises(RoleNeeded):
        retiring.deprecate(approved.pk, people.team, people.rui, "No.")
    with pytest.raises(NoReasonError):
        deprecate(people, approved, "  ")
    deprecate(people, approved)
    approved.refresh_from_db()
    assert (approved.state, approved.deprecated_because) == (State.DEPRECATED, "The tool is gone.")
    assert JournalEntry.objects.get(verb="revision.deprecated").details["reason"] == "The tool is gone."
    assert "deprecated" in Notice.objects.get(kind="deprecated", to=people.ada).text


def test_it_comes_back_with_its_approval(people, approved):
    since = approved.approved_at
    deprecate(people, approved)
    with pytest.raises(WrongStateError):
        deprecate(people, approved)
    retiring.reinstate(approved.pk, people.team, people.mai, "It is back.")
    approved.refresh_from_db()
    assert (approved.state, approved.deprecated_because, approved.approved_at) == (State.APPROVED, "", since)


def test_a_later_approval_supersedes_it(people, house, approved):
    deprecate(people, approved)
    house.edit(edits.set_output("Other words (command=%proc.cmdline)"))
    house.approve(house.hand_in())
    approved.refresh_from_db()
    assert approved.state == State.SUPERSEDED
    with pytest.raises(WrongStateError):
        retiring.reinstate(approved.pk, people.team, people.mai, "Again.")


def test_its_terms_hold_what_it_names(approved):
    found = Revision.objects.get(pk=approved.pk).terms.text
    assert terms.mark("field", "proc.name") in found
    assert terms.mark("field", "proc.nam") not in found
    assert terms.mark("technique", "T1490") in found
    assert "disable recovery features" in found
