"""A release is pushed to a git repository: one signed-off commit, in bounded time, tried again, and told."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace

import pytest
from django.urls import reverse

from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.packs import delivering, git_push, pack_services, release_services, tasks
from studio.packs.models import Delivery, Destination
from tests.studio.packs.test_releases import own_folder, pack, released, rule  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def git(place, *arguments: str, **more) -> str:
    clean = {"PATH": os.environ["PATH"], "HOME": str(place), "GIT_CONFIG_NOSYSTEM": "1"}
    names = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(["git", *arguments], cwd=place, env=clean | names, capture_output=True, check=True, **more)
    return done.stdout.decode()


@pytest.fixture
def bare(tmp_path, settings):
    """An empty repository on this machine, in a place that the administrator allows."""
    settings.DELIVERY_PLACES = [str(tmp_path / "git")]
    place = tmp_path / "git" / "rules.git"
    place.mkdir(parents=True)
    git(place, "init", "--quiet", "--bare", "-b", "main", ".")
    return place


@pytest.fixture
def filled(bare, tmp_path):
    """The same with a commit of somebody else's."""
    desk = tmp_path / "desk"
    git(tmp_path, "clone", "--quiet", str(bare), str(desk))
    (desk / "README").write_text("Ours.\n")
    os.symlink("/etc", desk / "link")
    git(desk, "add", ".")
    git(desk, "commit", "--quiet", "-m", "Begin")
    git(desk, "push", "--quiet", "origin", "HEAD:main")
    return bare


def destination(pack, people, bare, **more) -> Destination:  # noqa: F811 - a fixture
    about = {"kind": "git", "label": "Clusters", "address": str(bare), "branch": "main", **more}
    return delivering.add(pack, people.mai, **about)


def carried(pack, people, version="1.0.0") -> Delivery:  # noqa: F811 - a fixture
    release = released(pack, people, version)
    return delivering.carry_out(release.deliveries.get())


def test_it_commits_each_release_signed_off(people, pack, bare):  # noqa: F811
    destination(pack, people, bare, folder="falco/rules", signed_off_by="Rules Team <rules@harbour.example>")
    delivery = carried(pack, people)
    assert (delivery.state, delivery.tries) == ("done", 0), delivery.trouble
    assert delivery.outcome == f"Commit {git(bare, 'rev-parse', 'main').strip()[:12]} on main."
    message = git(bare, "log", "-1", "--format=%B", "main")
    assert message.startswith("Release harbour 1.0.0\n\n")
    assert message.strip().endswith("Signed-off-by: Rules Team <rules@harbour.example>")
    assert git(bare, "ls-tree", "-r", "--name-only", "main").split() == ["falco/rules/harbour.yaml"]
    assert "- rule: Disable recovery features" in git(bare, "show", "main:falco/rules/harbour.yaml")
    pack_services.add(pack, people.ada, [rule(people, name="New one", condition="evt.type = execve").pk])
    carried(pack, people, "1.1.0")
    assert git(bare, "rev-list", "--count", "main").strip() == "2"
    verbs = list(JournalEntry.objects.order_by("number").filter(verb__startswith="deli").values_list("verb", flat=True))
    assert verbs == ["delivery.asked", "delivery.done"] * 2


def test_it_takes_names_of_branches_that_git_takes(people, pack, bare):  # noqa: F811
    destination(pack, people, bare, branch="deploy/falco#12+hosts@eu=1")
    assert carried(pack, people).state == "done"
    assert git(bare, "for-each-ref", "--format=%(refname)").strip() == "refs/heads/deploy/falco#12+hosts@eu=1"


def test_it_keeps_what_others_have_there_and_takes_away_what_left_the_pack(people, pack, filled):  # noqa: F811
    destination(pack, people, filled, folder="harbour", holds="all")
    assert carried(pack, people).state == "done"
    first = git(filled, "ls-tree", "-r", "--name-only", "main").split()
    assert {"README", "link", "harbour/SHA256SUMS", "harbour/oci/harbour-1.0.0.tar"} <= set(first)
    assert not [path for path in first if path.endswith((".zip", ".tar.gz"))]
    pack_services.add(pack, people.ada, [rule(people, name="New one", condition="evt.type = execve").pk])
    carried(pack, people, "1.1.0")
    second = git(filled, "ls-tree", "-r", "--name-only", "main").split()
    assert "harbour/oci/harbour-1.1.0.tar" in second
    assert "harbour/oci/harbour-1.0.0.tar" not in second
    assert {"README", "link"} <= set(second)


def test_it_says_where_nothing_changed(client, people, pack, bare):  # noqa: F811
    place = destination(pack, people, bare)
    delivery = carried(pack, people)
    client.force_login(people.mai)
    url = reverse("packs:deliver", args=["harbour", delivery.release_id])
    client.post(url, {"destination": place.pk})
    tasks.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert "Nothing to change: main holds just this already" in delivery.outcome
    assert git(bare, "rev-list", "--count", "main").strip() == "1"


def test_it_makes_a_branch_of_its_own_for_a_merge_request(people, pack, filled):  # noqa: F811
    git(filled, "config", "receive.advertisePushOptions", "true")
    hook = filled / "hooks" / "post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\necho "$GIT_PUSH_OPTION_0 $GIT_PUSH_OPTION_1" >options\n')
    hook.chmod(0o755)
    destination(pack, people, filled, own_branch=True, asks_merge=True)
    delivery = carried(pack, people)
    assert "on mews/harbour-1.0.0." in delivery.outcome, delivery.trouble
    assert git(filled, "rev-list", "--count", "main..mews/harbour-1.0.0").strip() == "1"
    assert (filled / "options").read_text().split() == ["merge_request.create", "merge_request.target=main"]
    delivering.deliver(delivery.release, delivery.destination, people.mai)
    again = delivering.carry_out(Delivery.objects.get(pk=delivery.pk))
    assert "is there already" in again.outcome


def test_it_pushes_again_where_somebody_was_quicker(people, pack, filled, tmp_path, monkeypatch):  # noqa: F811
    destination(pack, people, filled)
    real, raced = git_push._Repository.committed, []

    def slow(self, tree, parent):
        if not raced:
            raced.append(git(filled, "commit-tree", "main^{tree}", "-p", "main", "-m", "Quicker").strip())
            git(filled, "update-ref", "refs/heads/main", raced[0])
        return real(self, tree, parent)

    monkeypatch.setattr(git_push._Repository, "committed", slow)
    assert carried(pack, people).state == "done"
    assert raced[0] in git(filled, "rev-list", "main")


def test_it_tries_three_times_and_then_waits_for_a_person(client, people, pack, bare, tmp_path):  # noqa: F811
    place = destination(pack, people, tmp_path / "git" / "nothing.git")
    release = released(pack, people)
    delivery = release.deliveries.get()
    for tries in (1, 2, 3):
        delivery = delivering.carry_out(delivery)
        assert (delivery.tries, delivery.state) == (tries, "failed" if tries == 3 else "waiting")
    client.force_login(people.mai)
    page = client.get(release.get_absolute_url()).content.decode()
    assert "nothing.git" in page
    assert "3 tries failed" in page
    delivering.change(place, people.mai, address=str(bare))
    client.post(reverse("packs:deliver", args=["harbour", release.pk]), {"destination": place.pk})
    tasks.deliver(delivery.pk)
    part = client.get(reverse("packs:deliveries", args=["harbour", release.pk]), headers={"HX-Request": "true"})
    assert "Commit " in part.content.decode()


def test_it_ends_a_git_that_does_not_answer(people, pack, bare, monkeypatch):  # noqa: F811
    hook = bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nsleep 60\n")
    hook.chmod(0o755)
    monkeypatch.setattr(git_push, "SECONDS", 0.5)
    destination(pack, people, bare)
    assert "gave no answer within 0.5 seconds" in carried(pack, people).trouble


def test_it_goes_nowhere_that_the_administrator_did_not_name(client, people, pack, bare, settings):  # noqa: F811
    destination(pack, people, bare)
    settings.DELIVERY_PLACES = []
    delivery = carried(pack, people)
    assert (delivery.state, "DELIVERY_PLACES" in delivery.trouble) == ("failed", True)
    client.force_login(people.mai)
    url = reverse("packs:destination_add", args=["harbour", "git"])
    answer = client.post(url, {"label": "x", "address": str(bare), "branch": "main", "channel": "stable"})
    assert (answer.status_code, "DELIVERY_PLACES" in answer.content.decode()) == (422, True)


def test_it_keeps_secrets_out_of_what_it_says(bare, monkeypatch):
    job = git_push.Job(str(bare), "file", "main", {}, "x", "", ("x", "x@y"), 0)
    words = git_push._Repository(bare, replace(job, credentials=git_push.Credentials("me", "hush"))).refused(
        "push", "fatal: https://me:hush@git.example.org refused\n"
    )
    assert "hush" not in str(words)
    assert "hush" not in repr(replace(job, credentials=git_push.Credentials("me", "hush")))


def test_it_sends_candidates_only_where_they_are_wanted(people, pack, bare):  # noqa: F811
    destination(pack, people, bare)
    tests = destination(pack, people, bare, branch="test", channel="candidate")
    by_hand = destination(pack, people, bare, branch="hand", automatic=False)
    release = released(pack, people, "1.0.0-rc.1")
    assert [one.destination for one in release.deliveries.all()] == [tests]
    with pytest.raises(RoleNeeded):
        delivering.deliver(release, by_hand, people.rui)
    release_services.yank(release, people.mai, "Loud.")
    with pytest.raises(delivering.CannotDeliverError, match="not yanked"):
        delivering.deliver(release, by_hand, people.mai)


def test_it_makes_changes_and_removes_destinations(client, people, pack, bare):  # noqa: F811
    client.force_login(people.mai)
    page = reverse("packs:destinations", args=["harbour"])
    assert "No destination yet" in client.get(page).content.decode()
    good = {"label": "Clusters", "address": str(bare), "branch": "main", "channel": "stable", "holds": "rules"}
    add = reverse("packs:destination_add", args=["harbour", "git"])
    for name, value, says in (
        ("branch", "a..b", "A branch is"),
        ("branch", "-x", "A branch is"),
        ("branch", "a/.b", "A branch is"),
        ("branch", "a.lock/b", "A branch is"),
        ("branch", "HEAD", "A branch is"),
        ("folder", "../x", "A folder is"),
        ("signed_off_by", "nobody", "A name and an address"),
        ("address", "https://me:x@h/a", "No user or password"),
    ):
        answer = client.post(add, {**good, name: value})
        assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert client.post(add, good).url == page
    made = Destination.objects.get()
    edit = reverse("packs:destination", args=["harbour", made.pk])
    assert client.post(edit, {**good, "folder": "falco", "automatic": "on"}).status_code == 302
    made.refresh_from_db()
    assert (made.folder, made.automatic) == ("falco", True)
    assert "Clusters" in client.get(page).content.decode()
    client.post(reverse("packs:destination_remove", args=["harbour", made.pk]))
    assert client.get(edit).status_code == 404
    assert client.get(reverse("packs:destination_add", args=["harbour", "ftp"])).status_code == 404
    told = JournalEntry.objects.order_by("number").filter(verb__startswith="destination.")
    verbs = list(told.values_list("verb", flat=True))
    assert verbs == [
        "destination.made",
        "destination.changed",
        "destination.removed",
    ]
