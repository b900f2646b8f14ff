"""What a release says of its origin: team, person, license and addresses, as they were when it was made."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from rules_export.archives.unpacking import unpacked
from studio.api import tokens
from studio.packs import pack_services, store
from studio.packs.models import Pack
from studio.packs.packing import packed
from tests.studio.packs.test_releases import own_folder, pack, released  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
PREFIX = "org.opencontainers.image."


def annotations(release) -> dict[str, str]:
    layout = unpacked(store.get(release.files[f"oci/harbour-{release.version}.tar"]["sha256"]))
    digest = json.loads(layout["index.json"])["manifests"][0]["digest"].removeprefix("sha256:")
    told = json.loads(layout[f"blobs/sha256/{digest}"])["annotations"]
    return {name.removeprefix(PREFIX): value for name, value in told.items()}


def test_an_image_names_team_person_license_and_addresses(people, pack, settings):  # noqa: F811
    settings.HAS_PUBLIC_URL, settings.PUBLIC_URL = True, "https://mews.example"
    about = {"license": "Apache-2.0", "documentation": "https://docs.example", "source": "https://git.example/x"}
    pack_services.change(pack, people.mai, pack.version, **about)
    release = released(pack, people)
    found = annotations(release)
    assert found["created"] == release.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert found["revision"] == f"sha256:{release.files['falco_rules.local.yaml']['sha256']}"
    assert (found["vendor"], found["authors"]) == ("Harbour", people.mai.name)
    assert (found["licenses"], found["documentation"], found["source"]) == tuple(about.values())
    assert found["url"] == "https://mews.example/exports/packs/harbour/"
    sarif = json.loads(store.get(release.files["findings.sarif"]["sha256"]))
    assert sarif["runs"][0]["tool"]["driver"]["informationUri"] == "https://mews.example"


def test_a_machine_without_a_public_address_names_none(people, pack):  # noqa: F811
    found = annotations(released(pack, people))
    assert not {"url", "licenses", "documentation", "source"} & set(found)


def test_the_files_are_the_same_when_they_are_made_again(people, pack, settings):  # noqa: F811
    release = released(pack, people)
    settings.HAS_PUBLIC_URL, settings.PUBLIC_URL = True, "https://elsewhere.example"
    people.team.name = "Renamed"
    people.team.save()
    pack_services.change(Pack.objects.get(pk=pack.pk), people.mai, pack.version, license="MIT")
    release.refresh_from_db()
    again = {one.path: one.sha256 for one in packed(release).entries}
    assert {path: one["sha256"] for path, one in release.files.items() if path in again} == again


def test_page_and_interface_take_license_and_addresses(client, people, pack):  # noqa: F811
    client.force_login(people.ada)
    url = reverse("packs:pack_settings", args=["harbour"])
    fields = {
        "seen": pack.version, "title": "Harbour", "name": "harbour", "mode": "overlay", "target": pack.target,
        "license": "MIT OR Apache-2.0", "documentation": "https://docs.example", "source": "https://git.example",
    }  # fmt: skip
    refused = client.post(url, {**fields, "license": "my own", "documentation": "javascript:alert(1)"})
    assert refused.status_code == 422
    assert client.post(url, fields).status_code == 302
    _, secret = tokens.make(people.ada, people.team, "Test", [], 1)
    answer = client.get("/api/v1/packs/harbour", headers={"authorization": f"Bearer {secret}"}).json()
    assert (answer["license"], answer["source"]) == ("MIT OR Apache-2.0", "https://git.example")
