"""A release's image is pushed to Debian's docker-registry and pulled back, byte for byte; an index names it."""

from __future__ import annotations

import json
import shutil
import subprocess
import time

import pytest
import requests
import yaml
from django.urls import reverse
from oras.provider import Registry

from rules_export.archives.packing import sha256
from rules_export.archives.unpacking import unpacked
from rules_export.artifacts.oci import LAYER_TYPE, MANIFEST_TYPE
from studio.packs import channels, delivering, pack_services, registry_push, store
from studio.packs.places import Credentials, Place
from tests.studio.packs.test_releases import own_folder, pack, released, rule  # noqa: F401 - fixtures
from tests.studio.ports import free_port

#: Of the password "hush-hush".
HASHED = "$2b$04$9dOQVFrU1NrR.cDGqawHluX9W9mYiLwOZifY/BMO7V6zjsq23.zvK"
USER, PASSWORD = "mews", "hush-hush"


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """host:port of a registry that takes this user and password only."""
    place, port = tmp_path_factory.mktemp("registry"), free_port()
    (place / "users").write_text(f"{USER}:{HASHED}\n")
    about = {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(place / "store")}},
        "http": {"addr": f"127.0.0.1:{port}"},
        "auth": {"htpasswd": {"realm": "here", "path": str(place / "users")}},
    }
    (place / "config.yml").write_text(yaml.safe_dump(about))
    program = shutil.which("docker-registry") or "docker-registry"
    with open(place / "log", "wb") as log:
        child = subprocess.Popen([program, "serve", str(place / "config.yml")], stdout=log, stderr=log)
    try:
        for _ in range(100):
            try:
                requests.get(f"http://127.0.0.1:{port}/v2/", timeout=2)
                break
            except requests.ConnectionError:
                time.sleep(0.05)
        yield f"127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(10)


@pytest.fixture
def known(registry, settings, monkeypatch):
    """The registry, with its credentials in the environment."""
    settings.DELIVERY_PLACES = [f"http://{registry}/acme"]
    name = registry.replace(".", "_").replace(":", "_")
    monkeypatch.setenv(f"DELIVERY_USER_{name}", USER)
    monkeypatch.setenv(f"DELIVERY_PASSWORD_{name}", PASSWORD)
    return registry


def pulled(registry: str, repository: str, tag: str):
    """What a client gets: the manifest's bytes, and config and layer by oras."""
    client = Registry(hostname=registry, insecure=True, auth_backend="basic")
    client.auth.set_basic_auth(USER, PASSWORD)
    where = client.get_container(f"{registry}/{repository}:{tag}")
    manifest = client.do_request(f"http://{where.manifest_url()}", headers={"Accept": MANIFEST_TYPE}).content
    told = json.loads(manifest)
    parts = [told["config"]["digest"], told["layers"][0]["digest"]]
    return manifest, [client.get_blob(where, one).content for one in parts]


@pytest.mark.registry
@pytest.mark.django_db
def test_it_pushes_to_a_registry_and_pulls_back_equal_bytes(people, pack, known):  # noqa: F811
    about = {"kind": "registry", "label": "Hosts", "address": f"{known}/acme/harbour"}
    place = delivering.add(pack, people.mai, **about)
    release = released(pack, people)
    delivery = delivering.carry_out(release.deliveries.get())
    assert delivery.state == "done", delivery.trouble
    layout = unpacked(store.get(release.files["oci/harbour-1.0.0.tar"]["sha256"]))
    for tag in ("1.0.0", "1.0", "1", "latest"):
        manifest, parts = pulled(known, "acme/harbour", tag)
        assert layout[f"blobs/sha256/{sha256(manifest)}"] == manifest
        assert [layout[f"blobs/sha256/{sha256(one)}"] for one in parts] == parts
    assert delivery.outcome == f"sha256:{sha256(manifest)} as 1.0.0, 1.0, 1, latest."
    assert json.loads(manifest)["layers"][0]["mediaType"] == LAYER_TYPE
    [(name, text)] = unpacked(parts[1]).items()
    assert (name, text) == ("harbour.yaml", store.get(release.files["falco_rules.local.yaml"]["sha256"]))
    pack_services.add(pack, people.ada, [rule(people, name="New one", condition="evt.type = execve").pk])
    newer = delivering.carry_out(released(pack, people, "1.1.0").deliveries.get())
    assert newer.outcome.endswith("as 1.1.0, 1.1, 1, latest.")
    older = delivering.carry_out(delivering.deliver(release, place, people.mai))
    assert older.outcome.endswith("as 1.0.0, 1.0."), "an old release took the names of the new one"
    assert pulled(known, "acme/harbour", "latest")[0] == pulled(known, "acme/harbour", "1.1.0")[0]


@pytest.mark.registry
@pytest.mark.django_db
def test_it_says_what_a_registry_answered(people, pack, known, monkeypatch):  # noqa: F811
    release = released(pack, people)
    layout = store.get(release.files["oci/harbour-1.0.0.tar"]["sha256"])
    host, _, port = known.partition(":")
    place = Place("http", host, "/acme/harbour", int(port))
    with pytest.raises(registry_push.RegistryError, match="asks for a password"):
        registry_push.push(layout, place, Credentials())
    with pytest.raises(registry_push.RegistryError, match=r"401|refused the credentials") as raised:
        registry_push.push(layout, place, Credentials("mews", "wrong-word"))
    assert "wrong-word" not in str(raised.value)


@pytest.mark.django_db
def test_it_says_that_nobody_answers(people, pack):  # noqa: F811
    release = released(pack, people)
    layout = store.get(release.files["oci/harbour-1.0.0.tar"]["sha256"])
    with pytest.raises(registry_push.RegistryError, match="cannot be reached"):
        registry_push.push(layout, Place("http", "127.0.0.1", "/a/b", free_port()), Credentials())


@pytest.mark.django_db
def test_it_serves_an_index_that_falcoctl_adds(client, people, pack):  # noqa: F811
    pack.published_at = "ghcr.io/acme/harbour"
    pack.save()
    _, token = channels.make(pack, people.mai, "falcoctl", "stable")
    release = released(pack, people)
    answer = client.get(reverse("packs:poll", args=[token, "index.yaml"]))
    [entry] = yaml.safe_load(answer.content)
    assert (entry["name"], entry["type"], entry["registry"]) == ("harbour", "rulesfile", "ghcr.io")
    assert entry["repository"] == "acme/harbour"
    assert answer["ETag"] == f'"{release.files["oci/index.yaml"]["sha256"]}"'
