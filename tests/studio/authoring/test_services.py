"""Writing drafts: through one door, against the version that was seen, with a history to walk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.authoring import edits, services
from studio.authoring.models import HISTORY, Draft, DraftSnapshot
from studio.authoring.services import NothingToUndoError, Seen, StaleDraftError
from studio.lab import services as lab
from studio.lab.events import ParsedEvent

pytestmark = pytest.mark.django_db


def seen(people, draft, by=None):
    return Seen(by or people.ada, people.team, draft.version)


def write(people, draft, text):
    """One change of the condition, long after the one before."""
    DraftSnapshot.objects.filter(draft=draft).update(at=timezone.now() - timedelta(minutes=1))
    return services.edit(draft.pk, seen(people, draft), edits.set_condition(text))


def test_it_begins_with_what_the_technique_suggests(people, draft):
    assert draft.title == "Inhibit System Recovery"
    assert draft.content["tags"] == ["mitre_impact", "inhibit_system_recovery", "T1490"]
    assert JournalEntry.objects.latest("number").verb == "draft.created"


def test_it_saves_an_edit_as_the_next_version(people, draft):
    after = services.edit(draft.pk, seen(people, draft), edits.set_condition("proc.name = rm"))
    assert (after.version, Draft.objects.get().content["condition"]) == (2, "proc.name = rm")
    assert JournalEntry.objects.latest("number").verb == "draft.edited"


def test_it_writes_nothing_when_nothing_changed(people, draft):
    before = JournalEntry.objects.count()
    assert services.edit(draft.pk, seen(people, draft), edits.set_condition("")).version == 1
    assert JournalEntry.objects.count() == before


def test_it_refuses_a_stale_version_and_shows_both(people, draft):
    services.edit(draft.pk, seen(people, draft), edits.set_condition("proc.name = theirs"))
    with pytest.raises(StaleDraftError) as refused:
        services.edit(draft.pk, Seen(people.ada, people.team, 1), edits.set_condition("proc.name = mine"))
    assert refused.value.theirs.condition == "proc.name = theirs"
    assert refused.value.mine.condition == "proc.name = mine"
    assert Draft.objects.get().content["condition"] == "proc.name = theirs"


def test_it_undoes_and_redoes_sixty_changes(people, draft):
    for number in range(60):
        draft = write(people, draft, f"proc.name = a{number}")
    for _ in range(60):
        draft = services.step_in_history(draft.pk, seen(people, draft), forward=False)
    assert draft.content["condition"] == ""
    with pytest.raises(NothingToUndoError):
        services.step_in_history(draft.pk, seen(people, draft), forward=False)
    for _ in range(60):
        draft = services.step_in_history(draft.pk, seen(people, draft), forward=True)
    assert draft.content["condition"] == "proc.name = a59"


def test_it_forgets_what_was_undone_when_something_new_is_written(people, draft):
    draft = write(people, draft, "proc.name = a")
    draft = services.step_in_history(draft.pk, seen(people, draft), forward=False)
    draft = write(people, draft, "proc.name = b")
    with pytest.raises(NothingToUndoError):
        services.step_in_history(draft.pk, seen(people, draft), forward=True)


def test_it_keeps_a_bounded_history(people, draft):
    for number in range(HISTORY + 10):
        draft = write(people, draft, f"proc.name = a{number}")
    assert draft.snapshots.count() == HISTORY


def test_it_takes_quick_typing_in_one_field_as_one_change(people, draft):
    for text in ("p", "pr", "proc"):
        draft = services.edit(draft.pk, seen(people, draft), edits.set_condition(text))
    assert draft.snapshots.count() == 2
    assert services.step_in_history(draft.pk, seen(people, draft), forward=False).content["condition"] == ""


def test_it_lets_only_authors_write_and_nobody_of_another_team(people, draft):
    with pytest.raises(RoleNeeded, match="role Author"):
        services.edit(draft.pk, seen(people, draft, people.vic), edits.set_condition("x"))
    with pytest.raises(Draft.DoesNotExist):
        services.edit(draft.pk, Seen(people.sam, people.other_team, 1), edits.set_condition("x"))


def test_it_duplicates_with_events_and_without_history(people, draft):
    lab.add(draft.samples, people.ada, [ParsedEvent("rm", {"proc.name": "rm"})], "match")
    copy = services.duplicate(draft, people.team, people.ada)
    assert copy.title == "Copy of Inhibit System Recovery"
    assert [event.name for event in copy.samples.events.all()] == ["rm"]
    assert copy.samples_id != draft.samples_id
    assert copy.snapshots.count() == 1


def test_it_brings_a_deleted_draft_back(people, draft):
    services.delete(draft.pk, people.team, people.ada)
    with pytest.raises(Draft.DoesNotExist):
        services.edit(draft.pk, seen(people, draft), edits.set_condition("x"))
    assert services.restore(draft.pk, people.team, people.ada).deleted_at is None


def test_it_loses_no_write_of_many_that_saw_the_same_version(people, draft):
    won = 0
    for number in range(20):
        try:
            services.edit(draft.pk, Seen(people.ada, people.team, 1), edits.set_condition(f"proc.name = w{number}"))
            won += 1
        except StaleDraftError:
            pass
    assert (won, Draft.objects.get().content["condition"]) == (1, "proc.name = w0")
