"""Hosts poll the latest release of a channel under an address that a maintainer gave them."""

from __future__ import annotations

import re

import pytest
import yaml
from django.urls import reverse
from django.utils import timezone

from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.logs import without_tokens
from studio.packs import channels, pack_services, release_services
from studio.packs.models import ChannelLink, IndexLink
from tests.studio.packs.test_releases import own_folder, pack, released, rule  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

FILE = "falco_rules.local.yaml"


@pytest.fixture
def link(people, pack):  # noqa: F811 - a fixture
    return channels.make(pack, people.mai, "web servers", "stable")


def poll(client, token: str, file: str = FILE, **headers: str):
    return client.get(reverse("packs:poll", args=[token, file]), headers=headers)


def test_it_gives_a_host_the_file_and_then_304_until_there_is_another(client, people, pack, link):  # noqa: F811
    _, token = link
    assert poll(client, token).status_code == 404
    released(pack, people)
    first = poll(client, token)
    assert (first.status_code, first["X-Mews-Version"]) == (200, "1.0.0")
    assert b"- rule: Disable recovery features" in first.content
    again = poll(client, token, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    pack_services.add(pack, people.ada, [rule(people, name="New one", condition="evt.type = execve").pk])
    released(pack, people, "1.1.0")
    newer = poll(client, token, **{"if-none-match": first["ETag"]})
    assert (newer.status_code, newer["X-Mews-Version"]) == (200, "1.1.0")


def test_it_keeps_candidates_from_stable_hosts_and_yanked_releases_from_all(client, people, pack, link):  # noqa: F811
    _, stable = link
    _, candidate = channels.make(pack, people.mai, "staging", "candidate")
    released(pack, people)
    newer = released(pack, people, "1.1.0-rc.1")
    versions = [poll(client, token)["X-Mews-Version"] for token in (stable, candidate)]
    assert versions == ["1.0.0", "1.1.0-rc.1"]
    release_services.yank(newer, people.mai, "Too loud.")
    assert poll(client, candidate)["X-Mews-Version"] == "1.0.0"


def test_it_has_names_that_stay_from_version_to_version(client, people, pack, link):  # noqa: F811
    _, token = link
    release = released(pack, people)
    for name, path in (("bundle.zip", "harbour-1.0.0.zip"), ("image.tar", "oci/harbour-1.0.0.tar")):
        answer = poll(client, token, name)
        assert answer["ETag"] == f'"{release.files[path]["sha256"]}"'
        assert path.rpartition("/")[2] in answer["Content-Disposition"]
    assert poll(client, token, "helm/values.yaml").status_code == 200
    for name in ("nothing", "../settings.py", "%00"):
        assert poll(client, token, name).status_code == 404


def test_a_host_reads_one_line_where_there_is_nothing(client, people, pack, link):  # noqa: F811
    _, token = link
    unreleased = poll(client, token)
    released(pack, people)
    wrong = [poll(client, token, "nothing"), poll(client, "wrong"), poll(client, token, "../settings.py")]
    wrong += [poll(client, "wrong", "index.yaml", **{"hx-request": "true"})]
    for answer in (unreleased, *wrong):
        assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain; charset=utf-8")
        text = answer.content.decode()
        assert (text.count("\n"), text[-1], "<" in text) == (1, "\n", False)
        assert "revoked" in text
        assert "ETag" not in answer
    assert client.get(reverse("packs:poll_nothing", args=[token])).content == unreleased.content
    head = client.head(reverse("packs:poll", args=["wrong", FILE]))
    assert (head.status_code, head["Content-Type"], head.content) == (404, "text/plain; charset=utf-8", b"")


def test_it_gives_nothing_for_a_wrong_or_a_revoked_link(client, people, pack, link):  # noqa: F811
    made, token = link
    released(pack, people)
    assert poll(client, token[:-1] + "_").status_code == 404
    client.force_login(people.mai)
    client.post(reverse("packs:link_revoke", args=["harbour", made.pk]))
    client.logout()
    assert poll(client, token).status_code == 404
    verbs = JournalEntry.objects.filter(verb__startswith="channel.").values_list("verb", flat=True)
    assert sorted(verbs) == ["channel.made", "channel.revoked"]


def test_it_shows_the_secret_once_and_keeps_only_its_digest(client, people, pack):  # noqa: F811
    client.force_login(people.mai)
    url = reverse("packs:links", args=["harbour"])
    page = client.post(url, {"label": "web servers", "channel": "stable"})
    [token] = set(re.findall(r"/exports/channels/([\w-]+)/", page.content.decode()))
    assert page["Cache-Control"] == "no-store"
    assert token not in client.get(url).content.decode()
    assert token not in str(ChannelLink.objects.values().get())
    assert token not in str(list(JournalEntry.objects.values()))


def test_it_is_for_maintainers_of_the_team(client, people, pack, link):  # noqa: F811
    with pytest.raises(RoleNeeded):
        channels.make(pack, people.ada, "x", "stable")
    client.force_login(people.ada)
    assert client.get(reverse("packs:links", args=["harbour"])).status_code == 403
    client.force_login(people.sam)
    assert client.get(reverse("packs:links", args=["harbour"])).status_code == 404
    assert client.post(reverse("packs:link_revoke", args=["harbour", link[0].pk])).status_code == 404


def test_it_notes_the_last_use_without_a_write_for_every_poll(client, people, pack, link):  # noqa: F811
    made, token = link
    released(pack, people)
    poll(client, token)
    made.refresh_from_db()
    first = made.last_used
    assert (timezone.now() - first).total_seconds() < 60
    poll(client, token)
    made.refresh_from_db()
    assert made.last_used == first


def test_it_bounds_the_number_of_links(client, people, pack, link, monkeypatch):  # noqa: F811
    monkeypatch.setattr(channels, "MOST_LINKS", 1)
    client.force_login(people.mai)
    answer = client.post(reverse("packs:links", args=["harbour"]), {"label": "x", "channel": "stable"})
    assert (answer.status_code, "at most 1 links" in answer.content.decode()) == (422, True)


def test_it_keeps_the_secret_out_of_the_log():
    path = reverse("packs:poll", args=["very-secret", FILE])
    logged = without_tokens(None, "info", {"event": "request_finished", "request": f"GET {path}"})
    assert logged["request"] == f"GET /exports/channels/…/{FILE}"


def test_it_serves_an_index_of_all_packs_that_have_a_published_image(client, people, pack):  # noqa: F811 - a fixture
    client.force_login(people.mai)
    page = client.post(reverse("packs:index"), {"label": "clusters"}).content.decode()
    assert page.count("do not say where its image is published") == 1
    [token] = re.findall(r"falcoctl index add harbour \S+/exports/channels/([^/]+)/index.yaml", page)
    assert (poll(client, token, "index.yaml").content, poll(client, token).status_code) == (b"[]\n", 404)
    pack_services.change(pack, people.mai, pack.version, published_at="ghcr.io/acme/harbour")
    released(pack, people)
    other = pack_services.create(
        people.team, people.mai, name="alpha", title="Alpha", published_at="ghcr.io/acme/alpha"
    )
    pack_services.add(other, people.mai, [rule(people, name="New one", condition="evt.type = execve").pk])
    released(other, people)
    released(other, people, "1.1.0-rc.1")
    first = poll(client, token, "index.yaml")
    told = yaml.safe_load(first.content)
    assert [(one["name"], one["type"], one["registry"], one["repository"]) for one in told] == [
        ("alpha", "rulesfile", "ghcr.io", "acme/alpha"),
        ("harbour", "rulesfile", "ghcr.io", "acme/harbour"),
    ]
    assert poll(client, token, "index.yaml", **{"if-none-match": first["ETag"]}).status_code == 304
    link = IndexLink.objects.get()
    assert (link.token_hash, token in client.get(reverse("packs:index")).content.decode()) != (token, True)
    client.post(reverse("packs:index_revoke", args=[link.pk]))
    assert poll(client, token, "index.yaml").status_code == 404
    assert {"index.made", "index.revoked"} <= set(JournalEntry.objects.values_list("verb", flat=True))
