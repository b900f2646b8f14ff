"""Handing in: an immutable revision under its hash, one in review for each draft, and taking it back."""

from __future__ import annotations

import pytest

from studio.audit.models import JournalEntry
from studio.authoring import edits
from studio.authoring import services as authoring
from studio.authoring.models import Draft
from studio.authoring.services import Seen
from studio.lab import services as lab
from studio.lab.events import ParsedEvent
from studio.review import services
from studio.review.models import FrozenRevisionError, Revision
from studio.review.services import NotReadyError, WrongStateError

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(desk):
    desk.write_article()
    return desk.now()


def hand_in(people, draft):
    return services.hand_in(draft.pk, people.team, people.ada, draft.version, "Look at the root exception.")


def test_it_keeps_what_was_handed_in_whatever_the_draft_becomes(people, ready):
    revision = hand_in(people, ready)
    authoring.edit(ready.pk, Seen(people.ada, people.team, ready.version), edits.set_condition("proc.name = other"))
    kept = Revision.objects.get()
    assert kept.content_hash == services.content_hash(kept.content) == revision.content_hash
    assert "other" not in kept.yaml
    assert kept.summary["fired"] == kept.summary["attacks"] >= 9
    assert JournalEntry.objects.filter(verb="revision.handed_in").count() == 1


def test_it_refuses_to_change_a_revision(people, ready):
    revision = hand_in(people, ready)
    revision.content = {}
    with pytest.raises(FrozenRevisionError):
        revision.save()


def test_it_supersedes_the_revision_before(people, ready):
    first = hand_in(people, ready)
    changed = authoring.edit(ready.pk, Seen(people.ada, people.team, ready.version), edits.set_output("Other words"))
    second = hand_in(people, changed)
    first.refresh_from_db()
    assert (first.state, second.state, second.number) == ("superseded", "in_review", 2)


def test_it_refuses_what_is_unfinished_stale_or_in_review_already(people, draft, ready):
    empty = authoring.create(people.team, people.ada)
    with pytest.raises(NotReadyError, match="Choose a behaviour"):
        hand_in(people, empty)
    with pytest.raises(NotReadyError, match="was changed since"):
        services.hand_in(ready.pk, people.team, people.ada, ready.version - 1)
    hand_in(people, ready)
    with pytest.raises(NotReadyError, match="in review already"):
        hand_in(people, ready)


def test_it_withdraws_once(people, ready):
    revision = hand_in(people, ready)
    assert Draft.objects.get(pk=ready.pk).handed_in == ready.version
    services.withdraw(revision.pk, people.team, people.ada)
    assert Draft.objects.get(pk=ready.pk).handed_in is None
    with pytest.raises(WrongStateError):
        services.withdraw(revision.pk, people.team, people.ada)


def test_it_shows_the_whole_way_on_the_pages(desk, ready, people):
    page = desk.client.post(f"/reviews/drafts/{ready.pk}/", {"version": ready.version}, follow=True).content.decode()
    assert "New: fires on" in page
    assert "inhibit_system_recovery" in page
    assert "Disable recovery features" in desk.client.get("/reviews/?view=own").content.decode()
    assert "Changed since hand-in" not in desk.client.get(desk.url("check")).content.decode()
    revision = Revision.objects.get()
    assert "is withdrawn" in desk.client.post(f"/reviews/{revision.pk}/withdraw/", follow=True).content.decode()
    assert "Nothing waits for you" in desk.client.get("/reviews/").content.decode()
    assert "Disable recovery" in desk.client.get("/reviews/?view=all").content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", "999", "99999999999999999999"])
def test_it_sends_a_hand_in_that_cannot_be_back_with_the_reason(desk, version):
    answer = desk.client.post(f"/reviews/drafts/{desk.draft.pk}/", {"version": version})
    assert answer.url == desk.url("check")


def test_it_keeps_viewers_and_strangers_out(client, people, ready):
    revision = hand_in(people, ready)
    client.force_login(people.vic)
    assert client.get(f"/reviews/{revision.pk}/").status_code == 200
    assert client.post(f"/reviews/{revision.pk}/withdraw/").status_code == 403
    client.force_login(people.sam)
    assert client.get(f"/reviews/{revision.pk}/").status_code == 404
    assert client.post(f"/reviews/drafts/{ready.pk}/", {"version": 1}).status_code == 404


@pytest.fixture
def unproven(people):
    """A rule that is complete, and that no event has been tried on."""
    draft = authoring.create(people.team, people.ada, ("T1490",), "Odd tool")
    steps = [
        edits.set_condition("spawned_process and proc.name = oddtool"),
        edits.set_output("Odd tool ran | user=%user.name command=%proc.cmdline"),
        edits.set_details("Odd tool ran", "A tool nobody knows ran.", "WARNING", True, ("host", "T1490")),
    ]
    for change in steps:
        draft = authoring.edit(draft.pk, Seen(people.ada, people.team, draft.version), change)
    return draft


EVENT = {"evt.type": "execve", "evt.rawres": 0, "evt.failed": False, "proc.name": "oddtool"}


def test_it_refuses_a_rule_without_proof_in_clean_words(people, unproven, client):
    client.force_login(people.ada)
    check = client.get(f"/drafts/{unproven.pk}/check/").content.decode()
    assert "No attack event yet" in check
    assert 'id="add-proof"' in check
    page = client.post(f"/reviews/drafts/{unproven.pk}/", {"version": unproven.version}, follow=True)
    assert page.redirect_chain[-1][0].endswith("/check/")
    assert "No benign event yet" in page.content.decode()
    assert not Revision.objects.exists()


def test_one_attack_and_one_benign_event_are_proof_enough(people, unproven):
    lab.add(unproven.samples, people.ada, [ParsedEvent("odd", EVENT)], "match")
    lab.add(unproven.samples, people.ada, [ParsedEvent("odd again", EVENT)], "no_match")
    with pytest.raises(NotReadyError, match="Every benign event fires"):
        hand_in(people, unproven)
    lab.add(unproven.samples, people.ada, [ParsedEvent("ls", {**EVENT, "proc.name": "ls"})], "no_match")
    assert hand_in(people, unproven).summary["fired"] == 1


def test_a_team_may_do_without_proof(people, unproven):
    people.team.samples_required = False
    people.team.save()
    assert hand_in(people, unproven).number == 1
