"""A revision keeps the team's behaviours and the sample events that it was submitted with, under its content hash."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from studio.audit import retention
from studio.audit.models import JournalEntry
from studio.audit.services import record as journal
from studio.authoring import edits, emulating, samples
from studio.authoring import services as authoring
from studio.authoring.edits import RefusedEditError
from studio.authoring.models import DraftSnapshot
from studio.authoring.services import Seen
from studio.behaviours.models import OwnVersion, State
from studio.behaviours.own import services as own
from studio.behaviours.own.queries import as_behaviour
from studio.lab import services as lab
from studio.lab.events import ParsedEvent
from studio.review import authorship, behaviour, decisions, freezing, meaning
from studio.review import lifecycle as life
from studio.review.decisions import CannotDecideError
from studio.review.models import FrozenRevisionError, Revision
from studio.review.services import NotReadyError, content_hash
from tests.people import person
from tests.studio.behaviours.own import record

pytestmark = pytest.mark.django_db


def choose(house, version: OwnVersion, by=None):
    made = as_behaviour(version)
    assert made is not None
    house.edit(edits.choose_behaviour(made.id, made.title, {}, made.clause({})), by)


@pytest.fixture
def mine(house, people) -> OwnVersion:
    """A behaviour of Ada's as a draft, in the rule."""
    version = own.create(people.team, people.ada, record())
    choose(house, version)
    return version


def keep(house, people, name="Kept", fields=None, expectation="match"):
    event = ParsedEvent(name, fields or {"evt.type": "execve", "proc.name": "never"})
    return lab.add(house.desk.draft.samples, people.ada, [event], expectation)[0]


def frozen(revision) -> dict:
    return Revision.objects.get(pk=revision.pk).frozen


def test_the_record_is_frozen_and_the_hash_covers_it(house, people, mine):
    first = house.hand_in()
    [kept] = frozen(first)["own_behaviours"]
    assert (kept["id"], kept["version"], kept["record"]) == (mine.reference, 1, record())
    before = (samples_of(first), emulating.emulation(first.rule_content()))
    own.save(
        mine.pk,
        people.team,
        people.ada,
        1,
        record(emulate="true", attack=[{"name": "Other", "run": "snapctl delete x"}]),
    )
    first = Revision.objects.get(pk=first.pk)
    assert (samples_of(first), emulating.emulation(first.rule_content())) == before
    assert "snapctl" in before[1]
    second = house.hand_in()
    assert first.content == second.content
    assert first.content_hash != second.content_hash


def samples_of(revision):
    return [(one.name, one.fields) for one in samples.of_behaviours(revision.rule_content())]


def test_the_hash_is_over_content_and_frozen_parts(house, people, mine):
    keep(house, people)
    revision = house.hand_in()
    assert revision.content_hash == content_hash({**revision.content, **revision.frozen})
    revision.frozen = {**revision.frozen, "samples": []}
    with pytest.raises(FrozenRevisionError):
        revision.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE review_revision SET frozen = '{}' WHERE id = %s", [revision.pk])


def test_a_rule_without_either_has_the_hash_that_it_always_had(house):
    revision = house.hand_in()
    assert revision.frozen == {"own_behaviours": [], "samples": []}
    assert revision.content_hash == content_hash(revision.content)


def test_sample_events_are_frozen(house, people, client):
    kept = keep(house, people)
    revision = house.hand_in()
    lab.expect(house.desk.draft.samples, people.ada, kept.pk, "no_match")
    lab.rename(house.desk.draft.samples, people.ada, kept.pk, "Renamed")
    outcomes = behaviour.outcomes(revision.rule_content(), revision.draft.samples_id)
    [shown] = [one.sample for one in outcomes if one.sample.origin == "Kept with the draft"]
    assert (shown.name, shown.is_attack) == ("Kept", True)
    lab.remove(house.desk.draft.samples, people.ada, kept.pk)
    client.force_login(people.rui)
    page = client.get(f"/reviews/{revision.pk}/?tab=behaviour").content.decode()
    assert "Kept with the draft" in page
    assert client.get(f"/reviews/{revision.pk}/why/{shown.key}/").status_code == 200
    again = house.hand_in()
    assert again.content == revision.content
    assert again.content_hash != revision.content_hash
    changes = [each.says for part in meaning_of(revision, again) for each in part.changes]
    assert "A sample event was removed: Kept." in changes


def meaning_of(old, new):
    return meaning.parts(old.rule_content(), new.rule_content())


def test_an_unapproved_behaviour_is_reviewed_with_the_rule_and_approved_with_it(house, people, mine, client):
    revision = house.hand_in()
    assert revision.reviewed_behaviours == [mine.reference]
    client.force_login(people.rui)
    page = client.get(f"/reviews/{revision.pk}/").content.decode()
    assert "Reviewed with this revision" in page
    assert "snapctl delete --all" in page
    house.approve(revision)
    mine.refresh_from_db()
    assert (mine.state, mine.decided_by) == (State.APPROVED, people.rui)
    assert "Reviewed with" in mine.decision
    house.edit(edits.set_output("Snapshots deleted (user=%user.name)"))
    assert house.hand_in().reviewed_behaviours == []


def test_what_was_edited_after_the_submission_is_not_approved_with_it(house, people, mine, client):
    revision = house.hand_in()
    own.save(mine.pk, people.team, people.ada, 1, record(title="Something else"))
    client.force_login(people.rui)
    page = client.get(f"/reviews/{revision.pk}/").content.decode()
    assert "covers the text of the submission only" in page
    assert house.approve(revision).state == life.State.APPROVED
    mine.refresh_from_db()
    assert mine.state == State.DRAFT
    assert Revision.objects.get(pk=revision.pk).rule_content().own_behaviours[0].title == "Delete our snapshots"


def test_a_behaviour_that_fails_its_checks_is_not_submitted(house, people, mine):
    own.save(mine.pk, people.team, people.ada, 1, record(attack=[{"name": "Not this", "run": "true"}]))
    with pytest.raises(NotReadyError, match="does not pass its checks"):
        house.hand_in()


def test_editors_of_every_version_since_the_last_approved_one_contribute(house, people):
    first = own.create(people.team, people.ada, record())
    own.hand_in(first.pk, people.team, people.ada, 1)
    own.approve(first.pk, people.team, people.mai, first.digest)
    second = own.save(first.pk, people.team, people.rui, 1, record(title="By Rui"))
    own.withdraw(second.pk, people.team, people.rui)
    third = own.save(first.pk, people.team, people.ada, 1, record(title="By Ada"))
    assert third.number == 3
    choose(house, third)
    revision = house.hand_in()
    with pytest.raises(CannotDecideError, match="contributed to this revision"):
        house.approve(revision, people.rui)
    assert people.rui not in authorship.able_to_approve(revision)
    assert house.approve(revision, people.mai).state == life.State.APPROVED


def test_editors_of_an_approved_behaviour_may_approve_the_rule(house, people):
    version = own.create(people.team, people.rui, record())
    own.hand_in(version.pk, people.team, people.rui, 1)
    own.approve(version.pk, people.team, people.mai, version.digest)
    version.refresh_from_db()
    choose(house, version)
    assert house.approve(house.hand_in()).state == life.State.APPROVED


def test_editors_of_earlier_unapproved_versions_and_their_other_accounts_do_not_approve_a_behaviour(people):
    first = own.create(people.team, people.rui, record())
    own.withdraw(first.pk, people.team, people.rui)
    second = own.save(first.pk, people.team, people.ada, 1, record(title="By Ada"))
    own.hand_in(second.pk, people.team, people.ada, second.edition)
    twin = person("Twin", people.team, "reviewer")
    twin.email = "rui+other@harbour.example"
    twin.save()
    for who in (people.rui, twin):
        with pytest.raises(own.RefusedError, match="contributed to this behaviour"):
            own.approve(second.pk, people.team, who, second.digest)
    assert own.approve(second.pk, people.team, people.mai, second.digest).state == State.APPROVED


def test_an_override_does_not_approve_the_administrators_own_behaviour(house, people):
    version = own.create(people.team, people.ann, record())
    choose(house, version, people.ann)
    revision = house.hand_in()
    decisions.approve(revision.pk, people.team, people.ann, revision.content_hash, override="Alone on duty.")
    version.refresh_from_db()
    assert version.state == State.DRAFT


def test_nobody_adds_a_colleagues_unapproved_behaviour(house, people):
    theirs = own.create(people.team, people.rui, record())
    with pytest.raises(RefusedEditError, match="only approved behaviours"):
        choose(house, theirs)
    made = as_behaviour(theirs)
    chosen = edits.choose_behaviour(made.id, made.title, {}, made.clause({}))
    with pytest.raises(RefusedEditError):
        authoring.create(people.team, people.ada, first=[chosen])
    answer = house.desk.post("behaviours", action="choose", behaviour=theirs.reference, chosen="on")
    assert theirs.reference not in str(house.desk.now().content)
    assert answer.status_code in (200, 422)


def test_another_teams_behaviour_is_not_submitted(house, people):
    theirs = own.create(people.other_team, people.sam, record())
    draft = house.desk.now()
    draft.content = {**draft.content, "behaviours": [*draft.content["behaviours"], {"id": theirs.reference}]}
    draft.save()
    with pytest.raises(NotReadyError, match="belongs to another team"):
        house.hand_in()


def test_the_same_again_is_approved_already_also_with_frozen_parts(house, people, mine):
    keep(house, people)
    house.approve(house.hand_in())
    assert freezing.same(house.desk.now(), Revision.objects.get())
    with pytest.raises(NotReadyError, match="approved already"):
        house.hand_in()


def test_who_contributed_does_not_depend_on_the_audit_log(house, people, tmp_path):
    house.edit(edits.set_output("Words of Rui %user.name"), people.rui)
    house.edit(edits.set_output("Words of Ada %user.name"))
    retention.archive(timezone.now() + timedelta(seconds=5), tmp_path)
    DraftSnapshot.objects.filter(author=people.rui).delete()
    assert not JournalEntry.objects.filter(verb="draft.edited", actor_id=people.rui.pk).exists()
    revision = house.hand_in()
    retention.archive(timezone.now() + timedelta(seconds=5), tmp_path)
    with pytest.raises(CannotDecideError, match="contributed to this revision"):
        house.approve(revision, people.rui)
    assert house.approve(revision, people.mai).state == life.State.APPROVED


def test_an_undo_that_was_archived_still_counts(house, people, tmp_path):
    house.edit(edits.set_output("Words of Rui %user.name"), people.rui)
    house.edit(edits.set_output("Words of Ada %user.name"))
    house.approve(house.hand_in(), people.mai)
    now = house.desk.now()
    authoring.step_in_history(now.pk, Seen(people.ada, people.team, now.version), forward=False)
    journal(people.ada, people.team, "draft.exported")
    retention.archive(timezone.now() + timedelta(seconds=5), tmp_path)
    assert not JournalEntry.objects.filter(verb="draft.undone").exists()
    with pytest.raises(CannotDecideError, match="contributed to this revision"):
        house.approve(house.hand_in(), people.rui)


def test_equal_events_give_equal_hashes_whatever_their_rows(house, people):
    first = [keep(house, people), keep(house, people)]
    before = house.hand_in()
    for event in first:
        lab.remove(house.desk.draft.samples, people.ada, event.pk)
    keep(house, people)
    keep(house, people)
    assert freezing.same(house.desk.now(), before)
    keys = [one["key"] for one in before.frozen["samples"]]
    assert len(set(keys)) == 2


def test_an_event_of_the_same_name_has_changed(house, people):
    event = keep(house, people)
    first = house.hand_in()
    lab.expect(house.desk.draft.samples, people.ada, event.pk, "no_match")
    changes = [each.says for part in meaning_of(first, house.hand_in()) for each in part.changes]
    assert changes == ["A sample event was changed: Kept."]


def test_a_renamed_team_changes_no_hash(house, people, mine):
    house.approve(house.hand_in())
    people.team.name = "Haven"
    people.team.save()
    assert freezing.same(house.desk.now(), Revision.objects.get())
