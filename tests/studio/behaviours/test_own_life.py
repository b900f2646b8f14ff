"""The life of a team's own behaviour: drafts, review by somebody else, versions, withdrawal, import."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.behaviours.models import OwnVersion, State
from studio.behaviours.own import queries, services
from studio.behaviours.own.services import RefusedError, StaleError
from studio.notices.models import Notice
from tests.studio.behaviours.own import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(people) -> OwnVersion:
    return services.create(people.team, people.ada, record())


def approved(people, version: OwnVersion) -> OwnVersion:
    services.hand_in(version.pk, people.team, people.ada, version.edition)
    return services.approve(version.pk, people.team, people.rui, version.digest)


def test_a_draft_is_changed_in_place_and_told_in_the_journal(people, draft):
    saved = services.save(draft.pk, people.team, people.rui, 1, record(title="Delete all snapshots"))
    assert (saved.pk, saved.number, saved.edition, saved.title) == (draft.pk, 1, 2, "Delete all snapshots")
    assert set(saved.editors.all()) == {people.ada, people.rui}
    verbs = list(JournalEntry.objects.filter(verb__startswith="behaviour.").values_list("verb", flat=True))
    assert sorted(verbs) == ["behaviour.created", "behaviour.edited"]


def test_the_same_again_is_no_change(people, draft):
    assert services.save(draft.pk, people.team, people.ada, 1, record()).edition == 1


def test_who_saw_an_older_one_saves_nothing(people, draft):
    services.save(draft.pk, people.team, people.rui, 1, record(title="Theirs"))
    with pytest.raises(StaleError, match="Rui Reviewer saved"):
        services.save(draft.pk, people.team, people.ada, 1, record(title="Mine"))


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("t1490-snapctl", "has a behaviour called"),
        ("t1490-rm-recursive-force", "built in"),
        ("own-7", "can't begin with own-"),
        ("x" * 81, "longer than 80"),
        ("T 1", "small letters"),
        (7, "small letters"),
        ("", "small letters"),
    ],
)
def test_an_id_is_free_and_plain(people, draft, slug, words):
    with pytest.raises(RefusedError, match=words):
        services.create(people.team, people.ada, record(id=slug))


def test_an_id_never_changes_and_another_team_may_use_it(people, draft):
    with pytest.raises(RefusedError, match="never changes"):
        services.save(draft.pk, people.team, people.ada, 1, record(id="t1490-other"))
    assert services.create(people.other_team, people.sam, record()).behaviour.slug == "t1490-snapctl"


def test_only_a_sound_one_is_handed_in(people):
    wrong = services.create(people.team, people.ada, record(clause="spawned_process and proc.name = $verb"))
    assert not wrong.sound
    with pytest.raises(RefusedError, match="Settle them first"):
        services.hand_in(wrong.pk, people.team, people.ada, 1)


def test_somebody_who_did_not_write_in_it_approves(people, draft):
    services.save(draft.pk, people.team, people.rui, 1, record(title="By two"))
    services.hand_in(draft.pk, people.team, people.ada, 2)
    draft.refresh_from_db()
    with pytest.raises(RefusedError, match="someone else"):
        services.approve(draft.pk, people.team, people.rui, draft.digest)
    with pytest.raises(RoleNeeded):
        services.approve(draft.pk, people.team, people.ada, draft.digest)
    with pytest.raises(RefusedError, match="changed since"):
        services.approve(draft.pk, people.team, people.mai, "0" * 64)
    done = services.approve(draft.pk, people.team, people.mai, draft.digest, "Good.")
    assert (done.state, done.decided_by, done.decision) == (State.APPROVED, people.mai, "Good.")


def test_reviewers_and_writers_are_told(people, draft):
    approved(people, draft)
    told = set(Notice.objects.values_list("to__name", "kind"))
    assert ("Rui Reviewer", "handed_in") in told
    assert ("Ada Author", "approved") in told
    assert ("Vic Viewer", "handed_in") not in told


def test_sent_back_it_is_a_draft_with_a_note(people, draft):
    services.hand_in(draft.pk, people.team, people.ada, 1)
    with pytest.raises(RefusedError, match="Say what to change"):
        services.send_back(draft.pk, people.team, people.rui, " ")
    back = services.send_back(draft.pk, people.team, people.rui, "Name the tool.")
    assert (back.state, back.decision) == (State.DRAFT, "Name the tool.")


def test_in_review_it_stays_as_it_is_until_withdrawn(people, draft):
    services.hand_in(draft.pk, people.team, people.ada, 1)
    with pytest.raises(RefusedError, match="Withdraw it first"):
        services.save(draft.pk, people.team, people.ada, 1, record(title="Late"))
    assert services.withdraw(draft.pk, people.team, people.ada).state == State.DRAFT
    assert services.withdraw(draft.pk, people.team, people.ada).state == State.WITHDRAWN
    with pytest.raises(RefusedError, match="withdrawn already"):
        services.withdraw(draft.pk, people.team, people.ada)


def test_an_edit_of_an_approved_one_makes_a_new_version(people, draft):
    first = approved(people, draft)
    second = services.save(first.pk, people.team, people.ada, 1, record(title="Second"))
    assert (second.number, second.state) == (2, State.DRAFT)
    with pytest.raises(RefusedError, match="being written"):
        services.save(first.pk, people.team, people.ada, 1, record(title="Third"))
    approved(people, second)
    first.refresh_from_db()
    assert (first.state, first.title) == (State.SUPERSEDED, "Delete our snapshots")
    assert [one.number for one in queries.approved(people.team)] == [2]


def test_what_was_handed_in_is_never_changed(people, draft):
    one = approved(people, draft)
    one.digest = "0" * 64
    with pytest.raises(RuntimeError, match="never changed"):
        one.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnVersion.objects.filter(pk=one.pk).update(sound=False)


def test_retiring_an_approved_one_needs_a_reviewer(people, draft):
    one = approved(people, draft)
    with pytest.raises(RoleNeeded):
        services.withdraw(one.pk, people.team, people.ada)
    assert services.withdraw(one.pk, people.team, people.rui).state == State.WITHDRAWN
    assert queries.usable(people.team, people.ada) == []


def test_viewers_write_nothing_and_other_teams_see_nothing(people, draft):
    with pytest.raises(RoleNeeded):
        services.create(people.team, people.vic, record(id="t1490-x"))
    with pytest.raises(OwnVersion.DoesNotExist):
        services.save(draft.pk, people.other_team, people.sam, 1, record())
    with pytest.raises(OwnVersion.DoesNotExist):
        queries.version(people.other_team, draft.pk)


def test_unapproved_ones_are_for_those_who_wrote_them_and_marked(people, draft):
    (mine,) = queries.usable(people.team, people.ada)
    assert (mine.id, mine.owner, mine.standing) == (draft.reference, "Harbour", "Draft")
    assert queries.usable(people.team, people.rui) == []
    approved(people, draft)
    (ours,) = queries.for_techniques(people.team, people.vic, ["T1490"])
    assert (ours.standing, ours.title) == ("", "Delete our snapshots")
    assert queries.for_techniques(people.other_team, people.sam, ["T1490"]) == []
    assert queries.for_techniques(people.team, people.vic, ["T1485"]) == []


def test_an_unsound_draft_is_not_for_rules(people):
    services.create(people.team, people.ada, record(noise="loud"))
    assert queries.usable(people.team, people.ada) == []


def test_files_come_in_whole_or_not_at_all(people, draft):
    one = approved(people, draft)
    given = [record(title="Newer"), record(id="t1490-second"), record(id="t1490-rm-recursive-force")]
    with pytest.raises(RefusedError, match="t1490-rm-recursive-force: The id"):
        services.take_in(people.team, people.ada, given)
    assert OwnVersion.objects.count() == 1
    made = services.take_in(people.team, people.ada, given[:2], for_review=True)
    assert [(one.number, one.state, one.behaviour.slug) for one in made] == [
        (2, State.IN_REVIEW, "t1490-snapctl"), (1, State.IN_REVIEW, "t1490-second"),
    ]  # fmt: skip
    assert services.take_in(people.team, people.ada, given[:2]) == []
    with pytest.raises(RefusedError, match="it is in review"):
        services.take_in(people.team, people.ada, [record(title="Newest")])
    assert one.record["title"] == "Delete our snapshots"
