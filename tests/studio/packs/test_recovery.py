"""A file of a release or an export that the disk lost or damaged is rebuilt with the same bytes, or answers 410."""

from __future__ import annotations

import pytest
from django.urls import reverse

from rules_export.archives.packing import sha256
from studio.api import tokens
from studio.attack.models import Catalogue
from studio.packs import channels, pack_services, recovery, release_services, services, signing, store
from studio.packs.models import Delivery, Destination, ExportRun, Release
from studio.stored import FileGoneError
from tests.guards import unguarded
from tests.studio.packs.test_releases import own_folder, pack, released, rule

__all__ = ["own_folder", "pack"]
pytestmark = pytest.mark.django_db
RULES = "falco_rules.local.yaml"


def paths(release):
    return {path: store.path_of(about["sha256"]) for path, about in release.files.items()}


def lose(release):
    """No file of the release is on the disk any more."""
    for path in set(paths(release).values()):
        path.unlink()


def cut(release):
    """Nothing to rebuild the release from: neither files nor the rules in its row."""
    lose(release)
    with unguarded("packs_release"):
        Release.objects.filter(pk=release.pk).update(members=[])


@pytest.fixture
def release(people, pack):
    signing.new_key()
    watched = rule(people, name="Watched", behaviours=[{"id": "t1490-chattr-immutable"}])
    pack_services.add(pack, people.ada, [watched.pk])
    return released(pack, people, changelog="First.")


@pytest.fixture
def export(people):
    return services.carry_out(services.start(people.team, people.ada, [rule(people, name="Exported")], "overlay"))


def test_it_rebuilds_every_file_of_a_release_with_the_same_bytes(people, release):
    written = {path: place.read_bytes() for path, place in paths(release).items()}
    lose(release)
    again = Release.objects.get()
    for path, data in written.items():
        assert release_services.handed_over(again, path, people.vic) == data, path
    assert {path: place.read_bytes() for path, place in paths(release).items()} == written
    assert "tests/emulate.sh" in written


def test_it_rebuilds_the_same_bytes_after_another_key_another_catalogue_and_another_version(
    people, release, monkeypatch
):
    written = {path: place.read_bytes() for path, place in paths(release).items()}
    lose(release)
    signing.new_key()
    monkeypatch.setattr(recovery, "MADE_BY", "Mews 99.0.0")
    monkeypatch.setattr("studio.packs.packing.MADE_BY", "Mews 99.0.0")
    monkeypatch.setattr("studio.packs.packing._findings", lambda *_: [])
    recovery.rebuild_release(Release.objects.get())
    assert {path: place.read_bytes() for path, place in paths(release).items()} == written
    assert signing.verify(written["SHA256SUMS"], written["SHA256SUMS.sig"])


def test_it_needs_no_row_where_an_archive_has_the_file_and_no_archive_where_the_files_are_there(release):
    written = {path: place.read_bytes() for path, place in paths(release).items()}
    with unguarded("packs_release"):
        Release.objects.filter(pk=release.pk).update(members=[])
    again = Release.objects.get()
    for lost in ([RULES, "tests/emulate.sh"], ["harbour-1.0.0.zip"], ["harbour-1.0.0.zip", "harbour-1.0.0.tar.gz"]):
        for path in lost:
            paths(release)[path].unlink()
        assert set(recovery.rebuild_release(again)) >= set(lost)
        assert {path: place.read_bytes() for path, place in paths(release).items()} == written


def test_it_never_hands_out_damaged_bytes(people, release):
    path = paths(release)["README.md"]
    written = path.read_bytes()
    path.write_bytes(written[:-1] + b"?")
    assert release_services.handed_over(release, "README.md", people.vic) == written
    assert path.read_bytes() == written


def test_a_lost_file_that_cannot_be_rebuilt_is_gone_on_page_and_interface(client, people, release):
    cut(release)
    client.force_login(people.vic)
    answer = client.post(f"{release.get_absolute_url()}download/", {"file": RULES})
    assert answer.status_code == 410
    assert "can&#x27;t be rebuilt with the recorded SHA-256" in answer.content.decode()
    part = client.post(f"{release.get_absolute_url()}download/", {"file": RULES}, headers={"hx-request": "true"})
    assert (part.status_code, part["Content-Type"]) == (410, "text/plain; charset=utf-8")
    _, token = tokens.make(people.vic, people.team, "Nightly", [], 30)
    address = f"/api/v1/packs/harbour/releases/{release.pk}/file?path={RULES}"
    answer = client.get(address, headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["status"]) == (410, 410)
    assert "Ask your administrator to restore it from a backup" in answer.json()["detail"]


def test_a_channel_rebuilds_what_is_lost_and_says_what_is_gone(client, people, release):
    _, token = channels.make(release.pack, people.mai, "Web", "stable")
    address = reverse("packs:poll", args=[token, RULES])
    written = client.get(address).content
    lose(release)
    assert client.get(address).content == written
    cut(release)
    assert client.get(address).status_code == 410


def test_a_comparison_says_what_is_gone(client, people, release):
    released(release.pack, people, "1.1.0")
    cut(release)
    client.force_login(people.vic)
    page = client.get(reverse("packs:compare", args=["harbour"]))
    assert page.status_code == 200
    assert f"The file {RULES} of harbour 1.0.0 is no longer on the server" in page.content.decode()


def test_a_delivery_of_a_lost_file_fails_with_the_sentence(people, release, settings):
    from studio.packs import delivering

    settings.DELIVERY_PLACES = ["https://git.example/acme"]
    destination = Destination.objects.create(
        pack=release.pack, kind="git", label="Git", address="https://git.example/acme/rules", branch="main",
        made_by=people.mai,
    )  # fmt: skip
    now = {"asked_by": people.mai, "asked_at": release.made_at}
    delivery = Delivery.objects.create(release=release, destination=destination, **now)
    cut(release)
    delivery = Delivery.objects.select_related("release__pack__team", "destination").get()
    delivery = delivering.carry_out(delivery)
    assert delivery.state == "failed"
    assert "no longer on the server" in delivery.trouble


def test_it_rebuilds_an_export(signed_in, people, export):
    written = export.path.read_bytes()
    export.path.unlink()
    assert signed_in.post(reverse("packs:download", args=[export.pk])).content == written
    export.path.write_bytes(b"damaged")
    assert written.decode().splitlines()[-1] in signed_in.get(export.get_absolute_url()).content.decode()
    assert export.path.read_bytes() == written


def test_an_export_whose_rules_are_no_longer_kept_is_gone(signed_in, people, export):
    export.path.unlink()
    ExportRun.objects.filter(pk=export.pk).update(rules=[])
    answer = signed_in.post(reverse("packs:download", args=[export.pk]))
    assert answer.status_code == 410
    assert "Export the rules again." in answer.content.decode()
    page = signed_in.get(export.get_absolute_url())
    assert (page.status_code, b"Export the rules again." in page.content) == (200, True)
    _, token = tokens.make(people.ada, people.team, "Nightly", [], 30)
    answer = signed_in.get(f"/api/v1/exports/{export.pk}/file", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 410


def test_a_release_from_before_signatures_were_recorded_is_signed_again_by_the_same_key(release):
    written = paths(release)["SHA256SUMS.sig"].read_bytes()
    old = {name: value for name, value in release.summary.items() if name not in {"signature", "advice", "made_by"}}
    with unguarded("packs_release"):
        Release.objects.filter(pk=release.pk).update(summary=old)
    lose(release)
    again = Release.objects.get()
    assert recovery.release_file(again, "SHA256SUMS.sig") == written
    lose(release)
    signing.new_key()
    with pytest.raises(FileGoneError):
        recovery.release_file(again, "SHA256SUMS.sig")
    assert sha256(recovery.release_file(again, RULES)) == again.files[RULES]["sha256"]
    assert not Catalogue.objects.exists()
