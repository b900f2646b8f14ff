"""A destination holds the newest valid release: under retries, simultaneous workers, yanks and rollbacks."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.notices import webhooks
from studio.notices.models import Event, Notice, WebhookDelivery
from studio.packs import channels, delivering, git_push, pack_services, release_services, rollback, store
from studio.packs.models import Delivery, Placement, Release
from studio.packs.newest import latest
from tests.guards import unguarded
from tests.studio.packs.test_git_push import bare, destination, filled, git  # noqa: F401 - fixtures
from tests.studio.packs.test_releases import own_folder, pack, released, rule  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(people, pack, bare):  # noqa: F811 - fixtures
    """Two releases of a pack, whose deliveries to a branch both wait."""
    destination(pack, people, bare)
    first = released(pack, people)
    add_rule(people, pack)
    return first, released(pack, people, "1.1.0")


def add_rule(people, pack, name="New one") -> None:  # noqa: F811
    pack_services.add(pack, people.ada, [rule(people, name=name, condition="evt.type = execve").pk])


def push(release: Release) -> Delivery:
    return delivering.carry_out(release.deliveries.get(kind="push"))


def retract(release: Release) -> Delivery:
    return delivering.carry_out(release.deliveries.get(kind="retract"))


def rules_at(bare, branch="main") -> str:  # noqa: F811
    return git(bare, "show", f"{branch}:harbour.yaml")


def is_text_of(bare, release: Release, branch="main") -> bool:  # noqa: F811
    return rules_at(bare, branch).encode() == store.get(release.files["falco_rules.local.yaml"]["sha256"])


def test_a_retried_older_release_is_not_committed_on_top_of_a_newer_one(client, people, bare, two):  # noqa: F811
    first, second = two
    assert push(second).state == "done"
    old = push(first)
    assert (old.state, old.outcome) == ("superseded", "Not written: 1.1.0 is newer.")
    assert is_text_of(bare, second)
    assert git(bare, "rev-list", "--count", "main").strip() == "1"
    with pytest.raises(delivering.CannotDeliverError, match=r"1\.1\.0 is newer .* roll back"):
        delivering.deliver(first, old.destination, people.mai)
    client.force_login(people.vic)
    page = client.get(first.get_absolute_url()).content.decode()
    assert "Superseded" in page
    assert "Not written: 1.1.0 is newer." in page


def test_it_is_checked_again_when_the_branch_was_fetched(people, bare, two, monkeypatch):  # noqa: F811
    """The newer release is ready while the older one is being written."""
    first, second = two
    with unguarded("packs_release"):
        Release.objects.filter(pk=second.pk).update(state="running")
    real = git_push._Repository.committed

    def slow(self, tree, parent):
        with unguarded("packs_release"):
            Release.objects.filter(pk=second.pk).update(state="done")
        return real(self, tree, parent)

    monkeypatch.setattr(git_push._Repository, "committed", slow)
    assert push(first).state == "superseded"
    assert git(bare, "for-each-ref").strip() == ""


def test_a_yanked_release_that_waited_is_never_pushed(people, bare, two):  # noqa: F811
    first, second = two
    release_services.yank(second, people.mai, "Too loud.")
    cancelled = push(second)
    assert (cancelled.state, cancelled.outcome) == ("cancelled", "1.1.0 was yanked before it was delivered.")
    assert git(bare, "for-each-ref").strip() == ""
    assert push(first).state == "done"
    assert is_text_of(bare, first)


def test_a_release_yanked_just_before_the_push_is_not_pushed(people, bare, two, monkeypatch):  # noqa: F811
    second = two[1]
    real = git_push._Repository.committed

    def slow(self, tree, parent):
        release_services.yank(Release.objects.get(pk=second.pk), people.mai, "Too loud.")
        return real(self, tree, parent)

    monkeypatch.setattr(git_push._Repository, "committed", slow)
    assert push(second).state == "cancelled"
    assert git(bare, "for-each-ref").strip() == ""


def test_a_release_yanked_while_git_pushes_it_is_taken_back(people, bare, two, monkeypatch):  # noqa: F811
    first, second = two
    push(first)
    real = git_push._Repository.git

    def slow(self, *arguments, data=b""):
        answer = real(self, *arguments, data=data)
        if arguments[0] == "push" and not Release.objects.get(pk=second.pk).yanked_at:
            release_services.yank(Release.objects.get(pk=second.pk), people.mai, "Too loud.")
        return answer

    monkeypatch.setattr(git_push._Repository, "git", slow)
    assert push(second).state == "cancelled"
    assert is_text_of(bare, second)
    assert retract(second).state == "done"
    assert is_text_of(bare, first)


def test_a_yank_returns_the_branch_to_the_newest_valid_release(people, bare, two):  # noqa: F811
    first, second = two
    push(first)
    push(second)
    release_services.yank(second, people.mai, "Too loud.")
    back = retract(second)
    assert back.state == "done", back.trouble
    assert is_text_of(bare, first)
    message = git(bare, "log", "-1", "--format=%B", "main")
    assert message.startswith("Return to harbour 1.0.0\n\nharbour 1.1.0 was yanked: Too loud.\n")
    assert [(one.name, one.release) for one in Placement.objects.all()] == [("main", first)]
    release_services.yank(first, people.mai, "Too loud as well.")
    assert retract(first).state == "done"
    assert git(bare, "ls-tree", "-r", "--name-only", "main").strip() == ""
    assert not Placement.objects.exists()


def test_a_yank_removes_only_the_files_of_the_pack(people, pack, filled):  # noqa: F811
    destination(pack, people, filled, folder="harbour", holds="all")
    first = released(pack, people)
    push(first)
    release_services.yank(first, people.mai, "Too loud.")
    assert retract(first).state == "done"
    assert git(filled, "ls-tree", "-r", "--name-only", "main").split() == ["README", "link"]


def test_a_yank_of_an_older_release_changes_no_branch(people, bare, two):  # noqa: F811
    first, second = two
    push(first)
    push(second)
    release_services.yank(first, people.mai, "Too loud.")
    assert not Delivery.objects.filter(kind="retract").exists()
    assert is_text_of(bare, second)


def test_a_newer_release_meanwhile_makes_the_retraction_needless(people, pack, bare, two):  # noqa: F811
    first, second = two
    push(second)
    release_services.yank(second, people.mai, "Too loud.")
    add_rule(people, pack, "Third")
    third = released(pack, people, "1.2.0")
    push(third)
    assert "Nothing to change" in retract(second).outcome
    assert is_text_of(bare, third)
    assert Placement.objects.get().release == third


def test_what_to_return_to_is_checked_again_before_the_push(people, pack, bare, two, monkeypatch):  # noqa: F811
    first, second = two
    push(first)
    push(second)
    add_rule(people, pack, "Third")
    third = released(pack, people, "1.2.0")
    push(third)
    release_services.yank(third, people.mai, "Too loud.")
    real, once = git_push._Repository.committed, []

    def slow(self, tree, parent):
        if not once:
            once.append(release_services.yank(Release.objects.get(pk=second.pk), people.mai, "This, too."))
        return real(self, tree, parent)

    monkeypatch.setattr(git_push._Repository, "committed", slow)
    assert retract(third).state == "done"
    assert is_text_of(bare, first)


def test_a_branch_for_a_merge_request_is_deleted_or_the_way_back_proposed(people, pack, filled):  # noqa: F811
    destination(pack, people, filled, own_branch=True)
    first = released(pack, people)
    push(first)
    git(filled, "update-ref", "refs/heads/main", "mews/harbour-1.0.0")
    add_rule(people, pack)
    second = released(pack, people, "1.1.0")
    push(second)
    release_services.yank(second, people.mai, "Too loud.")
    assert retract(second).outcome == "The branch mews/harbour-1.1.0 was deleted."
    assert "mews/harbour-1.1.0" not in git(filled, "for-each-ref")
    add_rule(people, pack, "Third")
    third = released(pack, people, "1.2.0")
    push(third)
    git(filled, "update-ref", "refs/heads/main", "mews/harbour-1.2.0")
    release_services.yank(third, people.mai, "Too loud.")
    back = retract(third)
    assert "Merge it: main still holds 1.2.0." in back.outcome, back.trouble
    assert is_text_of(filled, first, "mews/harbour-1.0.0-after-1.2.0")
    assert is_text_of(filled, third), "a branch that takes merge requests is never written to"


def test_a_branch_with_commits_of_other_people_is_left_and_reported(people, pack, filled):  # noqa: F811
    destination(pack, people, filled, own_branch=True)
    first = released(pack, people)
    push(first)
    other = git(filled, "commit-tree", "main^{tree}", "-p", "mews/harbour-1.0.0", "-m", "Theirs").strip()
    git(filled, "update-ref", "refs/heads/mews/harbour-1.0.0", other)
    release_services.yank(first, people.mai, "Too loud.")
    back = retract(first)
    assert (back.state, "has other commits" in back.trouble) == ("failed", True)
    assert git(filled, "rev-parse", "mews/harbour-1.0.0").strip() == other


def test_a_push_that_failed_after_it_arrived_is_taken_back(people, bare, two, monkeypatch):  # noqa: F811
    first, second = two
    push(first)
    real = git_push._Repository.git

    def slow(self, *arguments, data=b""):
        answer = real(self, *arguments, data=data)
        if arguments[0] == "push":
            raise git_push.GitError("git push gave no answer within 60 seconds.")
        return answer

    with monkeypatch.context() as broken:
        broken.setattr(delivering, "MOST_TRIES", 1)
        broken.setattr(git_push._Repository, "git", slow)
        assert push(second).state == "failed"
    assert is_text_of(bare, second)
    release_services.yank(second, people.mai, "Too loud.")
    assert retract(second).state == "done"
    assert is_text_of(bare, first)


def test_a_rollback_returns_channels_and_branches_until_the_next_release(people, pack, bare, two):  # noqa: F811
    first, second = two
    push(first)
    push(second)
    _, token = channels.make(pack, people.mai, "hosts", "stable")
    with pytest.raises(RoleNeeded):
        rollback.roll_back(first, people.rui, "Too loud.")
    with pytest.raises(rollback.CannotRollBackError, match="Enter a reason"):
        rollback.roll_back(first, people.mai, " ")
    with pytest.raises(rollback.CannotRollBackError, match="newest valid release already"):
        rollback.roll_back(second, people.mai, "Too loud.")
    rollback.roll_back(first, people.mai, "Too loud.")
    assert channels.find(token, "falco_rules.local.yaml").version == "1.0.0"
    assert retract(second).state == "done"
    assert is_text_of(bare, first)
    second.refresh_from_db()
    assert (second.rolled_back_to, second.rolled_back_by, second.rollback_reason) == (first, people.mai, "Too loud.")
    entry = JournalEntry.objects.get(verb="pack.rolled_back")
    assert (entry.details["left"], entry.details["reason"]) == (["1.1.0"], "Too loud.")
    with pytest.raises(release_services.CannotReleaseError, match=r"above 1\.1\.0"):
        released(pack, people, "1.0.1")
    third = released(pack, people, "1.2.0")
    assert push(third).state == "done"
    assert latest(pack, "stable") == third
    assert is_text_of(bare, third)


def test_a_rollback_can_be_taken_back(people, pack, bare, two):  # noqa: F811
    first, second = two
    push(first)
    push(second)
    rollback.roll_back(first, people.mai, "Too loud.")
    retract(second)
    rollback.roll_back(second, people.mai, "It was the network.")
    assert latest(pack, "stable") == second
    assert push(second).state == "done"
    assert is_text_of(bare, second)


def test_a_yanked_release_is_no_way_back(people, two):
    first, second = two
    release_services.yank(first, people.mai, "Too loud.")
    with pytest.raises(rollback.CannotRollBackError, match="not yanked"):
        rollback.roll_back(first, people.mai, "Anyway.")


def test_another_worker_at_the_destination_is_waited_for(two, monkeypatch):
    sent = []
    monkeypatch.setattr(delivering, "_send", lambda delivery, pause=0: sent.append((delivery.pk, pause)))
    delivery = two[1].deliveries.get()
    with store.claimed(f"destination-{delivery.destination_id}"):
        assert push(two[1]).state == "waiting"
    assert sent == [(delivery.pk, delivering.BUSY_PAUSE)]
    assert push(two[1]).state == "done"


def test_a_destination_by_hand_takes_the_newest_of_what_was_sent_there(people, pack, bare):  # noqa: F811
    place = destination(pack, people, bare, automatic=False)
    first = released(pack, people)
    add_rule(people, pack)
    second = released(pack, people, "1.1.0")
    assert delivering.carry_out(delivering.deliver(first, place, people.mai)).state == "done"
    assert delivering.carry_out(delivering.deliver(second, place, people.mai)).state == "done"
    with pytest.raises(delivering.CannotDeliverError, match="is newer"):
        delivering.deliver(first, place, people.mai)


def test_a_removed_destination_gets_nothing_that_waited(people, bare, two):  # noqa: F811
    delivery = two[1].deliveries.get()
    delivering.remove(delivery.destination, people.mai)
    assert (push(two[1]).state, git(bare, "for-each-ref")) == ("cancelled", "")


def test_failures_yanks_and_rollbacks_are_notified_and_sent_by_webhook(people, pack, bare, tmp_path):  # noqa: F811
    chosen = [Event.DELIVERY_FAILED, Event.YANKED, Event.ROLLED_BACK]
    webhooks.create(people.ann, people.team, "Ops", "https://hooks.example/x", "generic", [str(one) for one in chosen])
    place = destination(pack, people, tmp_path / "git" / "nothing.git")
    first = released(pack, people)
    for _ in range(delivering.MOST_TRIES):
        push(first)
    second = released(pack, people, "1.1.0")
    rollback.roll_back(first, people.mai, "Too loud.")
    release_services.yank(second, people.mai, "Broken.")
    sent = [json.loads(one.body) for one in WebhookDelivery.objects.order_by("pk")]
    assert [one["type"] for one in sent] == ["delivery.failed", "release.rolled_back", "release.yanked"]
    failed, rolled, yanked = (one["data"] for one in sent)
    assert (failed["version"], failed["destination"], failed["kind"]) == ("1.0.0", place.label, "push")
    assert "nothing.git" in failed["note"]
    assert (rolled["version"], rolled["left"], rolled["note"]) == ("1.0.0", ["1.1.0"], "Too loud.")
    assert (yanked["version"], yanked["instead"], yanked["note"]) == ("1.1.0", "1.0.0", "Broken.")
    told = {(one.to, one.kind) for one in Notice.objects.all()}
    assert told == {
        (people.mai, "delivery"), (people.ann, "delivery"), (people.ann, "rollback"), (people.ann, "yanked"),
    }  # fmt: skip


def test_the_pages_show_the_outcomes(client, people, two):
    first, second = two
    push(second)
    client.force_login(people.mai)
    release_services.yank(second, people.mai, "Too loud.")
    retract(second)
    page = client.get(second.get_absolute_url()).content.decode()
    assert "Retracted" in page
    assert "Push again" not in page
    place = {"destination": second.deliveries.first().destination_id}
    back = client.post(reverse("packs:deliver", args=["harbour", second.pk]), place, follow=True)
    assert "not yanked and not rolled back" in back.content.decode()
