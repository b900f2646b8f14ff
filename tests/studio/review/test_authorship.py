"""Nobody approves what they wrote, whichever way their words came into the rule; and whose approval counts."""

from __future__ import annotations

import pytest

from studio.accounts.models import Membership, User
from studio.accounts.roles import Role
from studio.authoring import edits
from studio.authoring import services as authoring
from studio.authoring.models import Draft
from studio.authoring.services import Seen
from studio.definitions import services as definitions
from studio.definitions.values import MACRO, Term
from studio.review import authorship, decisions, services, talk
from studio.review.decisions import CannotDecideError
from studio.review.lifecycle import State
from studio.review.models import Decision
from studio.review.talk import Place
from tests.people import person

pytestmark = pytest.mark.django_db

OUTPUT = "Recovery disabled (user=%user.name)"


def refused(house, revision, who):
    with pytest.raises(CannotDecideError, match="contributed to this revision"):
        house.approve(revision, who)


def test_who_suggested_what_was_applied_does_not_approve_it(house, people):
    first = house.hand_in()
    comment = talk.begin(first.pk, people.team, people.rui, Place("output"), "Shorter.", OUTPUT)
    talk.apply(comment.pk, people.team, people.ada, house.desk.now().version)
    second = house.hand_in()
    refused(house, second, people.rui)
    assert house.approve(second, people.mai).state == State.APPROVED
    house.edit(edits.set_output("Words of Ada %user.name"))
    assert house.approve(house.hand_in(), people.rui).state == State.APPROVED


def test_a_suggestion_that_nobody_applied_binds_nobody(house, people):
    first = house.hand_in()
    talk.begin(first.pk, people.team, people.rui, Place("output"), "Shorter.", OUTPUT)
    assert house.approve(first, people.rui).state == State.APPROVED


def test_who_wrote_what_a_draft_was_copied_from_does_not_approve_the_copy(house, people, client):
    house.edit(edits.set_output(OUTPUT), people.rui)
    copy = authoring.duplicate(house.desk.now(), people.team, people.ada)
    again = authoring.duplicate(copy, people.team, people.ada)
    refused(house, services.hand_in(again.pk, people.team, people.ada, again.version), people.rui)
    revision = house.hand_in()
    client.force_login(people.ada)
    client.post(f"/reviews/{revision.pk}/draft/")
    begun = Draft.objects.latest("pk")
    refused(house, services.hand_in(begun.pk, people.team, people.ada, begun.version), people.rui)


def test_who_writes_in_the_original_later_may_approve_the_copy(house, people):
    copy = authoring.duplicate(house.desk.now(), people.team, people.ada)
    house.edit(edits.set_output(OUTPUT), people.rui)
    revision = services.hand_in(copy.pk, people.team, people.ada, copy.version)
    assert house.approve(revision, people.rui).state == State.APPROVED


def test_undo_brings_words_back_with_their_writer(house, people):
    house.edit(edits.set_output(OUTPUT), people.rui)
    house.edit(edits.set_output("Words of Ada %user.name"))
    house.approve(house.hand_in(), people.mai)
    now = house.desk.now()
    authoring.step_in_history(now.pk, Seen(people.ada, people.team, now.version), forward=False)
    refused(house, house.hand_in(), people.rui)


def test_a_macro_comes_with_its_writers_under_every_name(house, people):
    house.approve(house.hand_in(), people.mai)
    found = definitions.create(people.team, people.rui, Term(MACRO, "acme_old", condition="not user.uid = 77777"))
    seen = definitions.Seen(people.ada, people.team, found.version)
    definitions.change(found.pk, seen, Term(MACRO, "acme_root", condition="not user.uid = 77777"))
    house.edit(edits.set_condition(f"({house.desk.now().rule_content().condition}) and acme_root"))
    second = house.hand_in()
    refused(house, second, people.rui)
    house.approve(second, people.mai)
    house.edit(edits.set_output(OUTPUT))
    assert house.approve(house.hand_in(), people.rui).state == State.APPROVED


def test_a_second_account_of_the_same_mailbox_is_the_same_person(house, people):
    twin = person("Twin Ada", people.team, Role.ADMINISTRATOR)
    User.objects.filter(pk=twin.pk).update(email="Ada+admin@harbour.example")
    revision = house.hand_in()
    twin.refresh_from_db()
    refused(house, revision, twin)
    assert twin not in authorship.able_to_approve(revision)
    decisions.approve(revision.pk, people.team, twin, revision.content_hash, override="Nobody else is here.")
    assert Decision.objects.get().override == "Nobody else is here."


def test_an_account_that_gets_the_mailbox_later_is_the_same_person_too(house, people):
    revision = house.hand_in()
    people.mai.email = "ada+ops@harbour.example"
    people.mai.save()
    refused(house, revision, people.mai)


@pytest.mark.parametrize("how", ["left", "demoted", "switched off"])
def test_an_approval_counts_only_while_its_giver_may_decide(house, people, client, how):
    people.team.required_approvals = 2
    people.team.save()
    revision = house.hand_in()
    house.approve(revision, people.rui)
    if how == "left":
        Membership.objects.filter(user=people.rui).delete()
    elif how == "demoted":
        Membership.objects.filter(user=people.rui).update(role=Role.AUTHOR)
    else:
        people.rui.is_active = False
        people.rui.save()
    assert house.approve(revision, people.mai).state == State.IN_REVIEW
    assert decisions.approvals(revision) == 1
    client.force_login(people.ada)
    assert "No longer counts" in client.get(f"/reviews/{revision.pk}/").content.decode()
    assert "<td>1<span" in client.get("/reviews/?view=all").content.decode()
    approved = house.approve(revision, people.ann)
    assert (approved.state, decisions.approvals(approved)) == (State.APPROVED, 3)


def test_an_override_counts_only_of_an_administrator(house, people):
    people.team.required_approvals = 2
    people.team.save()
    house.edit(edits.set_output(OUTPUT), people.ann)
    revision = house.hand_in()
    decisions.approve(revision.pk, people.team, people.ann, revision.content_hash, override="Alone on duty.")
    Membership.objects.filter(user=people.ann).update(role=Role.REVIEWER)
    assert house.approve(revision, people.mai).state == State.IN_REVIEW
