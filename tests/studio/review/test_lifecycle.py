"""The life of a revision: who may take which step from which state, and that the database keeps to the same table."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import DatabaseError, transaction

from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.authoring import edits
from studio.authoring import services as authoring
from studio.authoring.models import Draft
from studio.authoring.services import Seen
from studio.review import decisions, services
from studio.review.decisions import CannotDecideError
from studio.review.lifecycle import TRANSITIONS, State, WrongStateError
from studio.review.models import Decision, Revision, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(desk, people):
    desk.write_article()
    return services.hand_in(desk.now().pk, people.team, people.ada, desk.now().version)


def edit(people, by, draft_id, text="Other words"):
    draft = Draft.objects.get(pk=draft_id)
    return authoring.edit(draft.pk, Seen(by, people.team, draft.version), edits.set_output(text))


def again(people, draft_id, by=None):
    draft = Draft.objects.get(pk=draft_id)
    return services.hand_in(draft.pk, people.team, by or people.ada, draft.version)


def approve(people, revision, by=None, **more):
    return decisions.approve(revision.pk, people.team, by or people.rui, revision.content_hash, **more)


def test_it_is_approved_by_a_reviewer_and_the_journal_knows(people, revision):
    assert approve(people, revision, note="Good.").state == State.APPROVED
    revision.refresh_from_db()
    assert revision.approved_at
    assert Draft.objects.get().handed_in is None
    verbs = list(JournalEntry.objects.filter(target_type="review.revision").order_by("number").values_list("verb"))
    assert verbs == [("revision.handed_in",), ("decision.approval",), ("revision.approved",)]


def test_it_goes_back_with_a_note_and_comes_again(people, revision):
    with pytest.raises(CannotDecideError, match="what is to change"):
        decisions.request_changes(revision.pk, people.team, people.rui, revision.content_hash, "  ")
    back = decisions.request_changes(revision.pk, people.team, people.rui, revision.content_hash, "Name the user.")
    assert back.state == State.CHANGES_REQUESTED
    edit(people, people.ada, revision.draft_id)
    second = again(people, revision.draft_id)
    revision.refresh_from_db()
    assert (revision.state, second.number) == (State.SUPERSEDED, 2)


def test_it_keeps_the_approved_one_until_the_next_is_approved(people, revision):
    approve(people, revision)
    edit(people, people.ada, revision.draft_id)
    second = again(people, revision.draft_id)
    revision.refresh_from_db()
    assert revision.state == State.APPROVED
    approve(people, second)
    revision.refresh_from_db()
    assert revision.state == State.SUPERSEDED
    assert revision.approved_at


def test_it_refuses_to_hand_in_exactly_what_is_approved(people, revision):
    approve(people, revision)
    with pytest.raises(services.NotReadyError, match="approved already"):
        again(people, revision.draft_id)


def test_nobody_approves_what_they_handed_in_or_edited(people, revision):
    edit(people, people.mai, revision.draft_id)
    second = again(people, revision.draft_id, people.rui)
    for person, why in ((people.rui, "submitted this"), (people.mai, "contributed to this revision")):
        with pytest.raises(CannotDecideError, match=why):
            approve(people, second, person)
    assert approve(people, second, people.ann).state == State.APPROVED


def test_undo_does_not_wash_the_editor_s_hands(people, revision):
    draft = edit(people, people.rui, revision.draft_id)
    authoring.step_in_history(draft.pk, Seen(people.ada, people.team, draft.version), forward=False)
    edit(people, people.ada, revision.draft_id, "Something else")
    with pytest.raises(CannotDecideError, match="contributed to this revision"):
        approve(people, again(people, revision.draft_id))


def test_who_edited_before_the_last_approval_may_approve_the_next(people, revision):
    edit(people, people.mai, revision.draft_id)
    second = again(people, revision.draft_id)
    approve(people, second)
    edit(people, people.ada, revision.draft_id, "New again")
    assert approve(people, again(people, revision.draft_id), people.mai).state == State.APPROVED


def test_an_administrator_overrides_only_with_a_reason_that_is_kept(people, revision):
    edit(people, people.ann, revision.draft_id)
    edit(people, people.rui, revision.draft_id, "Words by Rui")
    second = again(people, revision.draft_id)
    with pytest.raises(CannotDecideError):
        approve(people, second, people.ann, override="   ")
    with pytest.raises(RoleNeeded):
        approve(people, second, override="I am sure.")
    approve(people, second, people.ann, override="Nobody else is on duty.")
    assert Decision.objects.get().override == "Nobody else is on duty."
    assert JournalEntry.objects.get(verb="decision.approval").details["override"] == "Nobody else is on duty."


def test_an_override_that_is_not_needed_is_none(people, revision):
    approve(people, revision, people.ann, override="Just because.")
    assert Decision.objects.get().override == ""


def test_it_waits_for_as_many_approvals_as_the_team_asked_for(people, desk):
    people.team.required_approvals = 2
    people.team.save()
    desk.write_article()
    revision = again(people, desk.draft.pk)
    assert approve(people, revision).state == State.IN_REVIEW
    with pytest.raises(CannotDecideError, match="already"):
        approve(people, revision)
    assert approve(people, revision, people.mai).state == State.APPROVED


def test_it_decides_only_about_the_content_that_was_seen(people, revision):
    with pytest.raises(CannotDecideError, match="another content"):
        decisions.approve(revision.pk, people.team, people.rui, "0" * 64)


@pytest.mark.parametrize("who", ["vic", "ada"])
def test_it_lets_only_reviewers_decide(people, revision, who):
    with pytest.raises(RoleNeeded):
        approve(people, revision, getattr(people, who))


def test_it_ends_where_the_table_ends(people, revision):
    services.withdraw(revision.pk, people.team, people.ada)
    with pytest.raises(WrongStateError, match="withdrawn already"):
        approve(people, revision)
    with pytest.raises(WrongStateError):
        services.withdraw(revision.pk, people.team, people.ada)


@pytest.mark.parametrize("old", State.values)
@pytest.mark.parametrize("new", State.values)
def test_the_database_keeps_to_the_table(people, revision, old, new):
    moves = import_module("studio.review.migrations.0006_deprecated").MOVES
    allowed = State(new) in TRANSITIONS[State(old)]
    assert (f"{old}>{new}" in moves) is allowed
    why = {state: "gone" if state == State.DEPRECATED else "" for state in State}
    row = Revision(
        team=people.team, draft=revision.draft, number=9, name="x", content={}, content_hash="x", yaml="", state=old,
        handed_in_by=people.ada, approved_at=revision.handed_in_at, deprecated_because=why[State(old)],
    )  # fmt: skip
    services.withdraw(revision.pk, people.team, people.ada)
    row.save()
    if allowed or old == new:
        assert Revision.objects.filter(pk=row.pk).update(state=new, deprecated_because=why[State(new)]) == 1
    else:
        with pytest.raises(DatabaseError, match="does not go"), transaction.atomic():
            Revision.objects.filter(pk=row.pk).update(state=new, deprecated_because=why[State(new)])


@pytest.mark.parametrize("change", [{"content": {}}, {"yaml": "x"}, {"content_hash": "x"}, {"required": 3}])
def test_the_database_refuses_to_change_what_was_handed_in(revision, change):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(**change)


def test_the_database_refuses_to_change_a_decision(people, revision):
    approve(people, revision)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Decision.objects.update(verdict=Verdict.CHANGES, note="x")


def test_it_decides_on_the_page(client, people, revision):
    client.force_login(people.rui)
    address = f"/reviews/{revision.pk}/"
    assert "0 of 1 approval" in client.get(address).content.decode()
    seen = {"seen": revision.content_hash}
    page = client.post(f"{address}decide/", {**seen, "verdict": "changes"}, follow=True).content.decode()
    assert "what is to change" in page
    page = client.post(f"{address}decide/", {**seen, "verdict": "approve", "note": "Fine."}, follow=True)
    assert "is approved" in page.content.decode()
    assert "Fine." in page.content.decode()
    edit(people, people.ada, revision.draft_id)
    assert "approval is of this revision only" in client.get(address).content.decode()


def test_the_page_says_who_may_not_and_why(client, people, revision):
    for person, words in ((people.ada, "submitted this"), (people.vic, "Reviewers decide")):
        client.force_login(person)
        assert words in client.get(f"/reviews/{revision.pk}/").content.decode()
    client.force_login(people.ada)
    assert client.post(f"/reviews/{revision.pk}/decide/", {"verdict": "approve"}).status_code == 403
