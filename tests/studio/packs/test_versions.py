"""Versions rise, also where two releases begin at once; one below the proposal says why."""

from __future__ import annotations

import threading

import pytest
from django.db import connections
from django.urls import reverse

from studio.packs import pack_services, release_services
from studio.packs.models import Release
from studio.packs.previewing import propose
from tests.people import cast
from tests.studio.packs.test_releases import own_folder, pack, released, rule  # noqa: F401 - fixtures


def start(pack, people, version, **more) -> Release:  # noqa: F811
    return release_services.start(pack, people.mai, pack.version, version, **more)


def another_rule(pack, people, name="Another") -> None:  # noqa: F811
    pack_services.add(pack, people.ada, [rule(people, name=name, condition="evt.type = execve").pk])
    pack.refresh_from_db()


@pytest.mark.django_db
def test_a_version_is_above_one_that_is_still_being_made(people, pack):  # noqa: F811
    released(pack, people)
    another_rule(pack, people)
    start(pack, people, "1.2.0")
    with pytest.raises(release_services.CannotReleaseError, match=r"above 1\.2\.0, the highest one \(waiting"):
        start(pack, people, "1.1.1")
    assert propose(pack).version == "1.3.0"


@pytest.mark.django_db
def test_a_version_is_above_one_that_was_yanked(people, pack):  # noqa: F811
    released(pack, people)
    another_rule(pack, people)
    release_services.yank(released(pack, people, "1.1.0"), people.mai, "Too loud.")
    assert propose(pack).version == "1.2.0", "1.1.0 is taken"
    with pytest.raises(release_services.CannotReleaseError, match=r"above 1\.1\.0, the highest one \(yanked\)"):
        start(pack, people, "1.0.1")


@pytest.mark.django_db
def test_a_failed_release_does_not_come_after_a_higher_one(people, pack):  # noqa: F811
    failed = release_services.fail(start(pack, people, "1.0.0"), "No space left.")
    released(pack, people, "1.1.0")
    with pytest.raises(release_services.CannotReleaseError, match=r"1\.1\.0 was released since"):
        release_services.again(failed, people.mai)


@pytest.mark.django_db
def test_a_version_below_the_proposal_needs_a_reason(client, people, pack):  # noqa: F811
    released(pack, people)
    another_rule(pack, people)
    client.force_login(people.mai)
    url, sent = reverse("packs:release_start", args=["harbour"]), {"version": "1.0.1", "seen": pack.version}
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "The changes ask for version 1.1.0 or higher. Enter a reason for 1.0.1" in answer.content.decode()
    assert client.post(url, {**sent, "version_reason": "The rule is disabled for all hosts."}).status_code == 302
    release = Release.objects.get(version="1.0.1")
    release_services.carry_out(release)
    assert release.version_reason == "The rule is disabled for all hosts."
    assert release.version_reason in client.get(release.get_absolute_url()).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["1.1.0", "1.1.0-rc.1", "2.0.0"])
def test_a_version_at_or_above_the_proposal_needs_none(people, pack, version):  # noqa: F811
    released(pack, people)
    another_rule(pack, people)
    assert start(pack, people, version, version_reason="Not needed.").version_reason == ""


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_of_two_releases_at_once_the_lower_never_comes_after_the_higher():
    people = cast()
    found = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="Ours.")
    pack_services.add(found, people.ada, [rule(people).pk])
    released(found, people)
    another_rule(found, people)
    for number in range(2, 9):
        gate, refused = threading.Barrier(2), []

        def run(version, gate=gate, refused=refused):
            gate.wait()
            try:
                start(found, people, version, version_reason="A race.")
            except release_services.CannotReleaseError as error:
                refused.append(str(error))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(version,)) for version in (f"1.{number}.0", f"1.{number - 1}.9")]
        for one in threads:
            one.start()
        for one in threads:
            one.join(60)
        keys = [one.sort_key for one in Release.objects.order_by("pk")]
        assert keys == sorted(keys)
        assert len(refused) <= 1
