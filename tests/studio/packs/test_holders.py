"""Before a yank or a rollback, a page lists every place that holds the release; a rule's page lists old revisions."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.api import tokens
from studio.packs import channels, delivering, holders, release_services, rollback
from studio.packs.models import Placement
from tests.studio.packs.test_git_push import bare, destination  # noqa: F401 - fixtures
from tests.studio.packs.test_releases import approve, own_folder, pack, released  # noqa: F401 - fixtures
from tests.studio.packs.test_retracting import add_rule, push, retract, two  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def page(client, name: str, release) -> str:
    return client.get(reverse(f"packs:{name}", args=["harbour", release.pk])).content.decode()


def test_the_page_of_a_yank_lists_every_place_and_asks_for_a_reason(client, people, pack, two, bare):  # noqa: F811
    first, second = two
    push(first)
    push(second)
    registry = delivering.add(pack, people.mai, kind="registry", label="Images", address="r.example/acme/harbour")
    for tag, moving in (("1.1.0", False), ("1", True), ("1.1", True)):
        Placement.objects.create(
            destination=registry, address=registry.address, name=tag, is_moving=moving, release=second,
            at=timezone.now(),
        )  # fmt: skip
    channels.make(pack, people.mai, "web servers", "stable")
    channels.make_index(people.team, people.mai, "clusters")
    release_services.handed_over(second, "harbour-1.1.0.zip", people.vic)
    client.force_login(people.mai)
    text = page(client, "release_yank", second)
    for said in (
        "Clusters", str(bare), "Images: r.example/acme/harbour", "Link web servers", "Index clusters",
        "Hosts get 1.0.0.", "Returns to 1.0.0.", "Stays: the tag belongs to this version.",
        "Deleted, if the registry deletes tags.", "Vic Viewer", "harbour-1.1.0.zip",
    ):  # fmt: skip
        assert said in text, said
    url = reverse("packs:release_yank", args=["harbour", second.pk])
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "Too loud."}).url == second.get_absolute_url()
    second.refresh_from_db()
    assert second.yank_reason == "Too loud."
    assert client.get(url).status_code == 302, "it is yanked already"


def test_a_place_that_mews_no_longer_reaches_is_listed(people, pack, two):  # noqa: F811
    second = two[1]
    push(second)
    delivering.remove(second.deliveries.get().destination, people.mai)
    [one] = holders.of_yank(second)
    assert one.then == "Stays: Mews no longer writes there. Change it by hand."


def test_the_page_of_a_rollback_shows_what_leaves_and_what_channels_get(client, people, pack, two):  # noqa: F811
    first, second = two
    push(first)
    push(second)
    client.force_login(people.mai)
    text = page(client, "release_rollback", first)
    assert "1.1.0</a> stops being current." in text
    assert "Returns to 1.0.0." in text
    url = reverse("packs:release_rollback", args=["harbour", first.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Too loud."}).status_code == 302
    assert "<strong>Rolled back</strong> to" in client.get(second.get_absolute_url()).content.decode()
    assert client.get(url).status_code == 302, "it is the newest valid release"


def test_a_rules_page_shows_where_hosts_run_an_earlier_revision(client, people, pack, two):  # noqa: F811
    first, second = two
    draft = pack.members.order_by("position").first().draft
    push(second)
    channels.make(pack, people.mai, "web servers", "stable")
    client.force_login(people.vic)
    url = reverse("library:rule", args=[draft.pk])
    assert "Nowhere: every channel and destination with this rule has revision 1." in client.get(url).content.decode()
    draft.content = {**draft.content, "output": "Other words | command=%proc.cmdline"}
    draft.save()
    approve(people, draft)
    text = client.get(url).content.decode()
    for said in ("Channel stable (polled under 1 link)", "Clusters: ", "(main)", second.get_absolute_url()):
        assert said in text, said
    third = released(pack, people, "1.2.0")
    push(third)
    assert "Nowhere: every channel and destination" in client.get(url).content.decode()
    release_services.yank(third, people.mai, "Too loud.")
    assert "Yanked" in client.get(url).content.decode(), "the branch holds it until it is retracted"
    retract(third)
    assert "Yanked" not in client.get(url).content.decode()


def test_the_interface_for_programs_has_all_of_it(client, people, pack, two):  # noqa: F811
    first, second = two
    push(second)
    _, secret = tokens.make(people.mai, people.team, "Nightly", ["release"], 3)
    auth = {"headers": {"authorization": f"Bearer {secret}"}, "content_type": "application/json"}
    base = f"/api/v1/packs/harbour/releases/{second.pk}"
    places = client.get(f"{base}/places", **auth).json()["places"]
    assert [(one["kind"], one["name"], one["then"]) for one in places] == [("git", "main", "Returns to 1.0.0.")]
    back = client.post(f"/api/v1/packs/harbour/releases/{first.pk}/rollback", {"reason": "Too loud."}, **auth)
    assert back.status_code == 200, back.content
    told = client.get(base, **auth).json()
    assert (told["rolled_back_to"], told["rollback_reason"], told["version_reason"]) == ("1.0.0", "Too loud.", "")
    again = client.post(f"/api/v1/packs/harbour/releases/{first.pk}/rollback", {"reason": "Too loud."}, **auth)
    assert (again.status_code, "newest valid release" in again.json()["detail"]) == (409, True)
    kinds = [(one["kind"], one["state"]) for one in client.get(f"{base}/deliveries", **auth).json()]
    assert kinds == [("push", "done"), ("retract", "waiting")]
    [place] = client.get("/api/v1/packs/harbour/destinations", **auth).json()
    assert [(one["name"], one["version"], one["moving"]) for one in place["placements"]] == [("main", "1.1.0", True)]
    client.force_login(people.mai)
    text = client.get(reverse("packs:destinations", args=["harbour"])).content.decode()
    assert "1.1.0</a> (rolled back)" in text
    draft = pack.members.order_by("position").first().draft
    approve(people, draft)
    hosted = client.get(f"/api/v1/rules/{draft.pk}/hosted", **auth).json()
    assert {(one["version"], one["revision"], one["state"]) for one in hosted} == {
        ("1.0.0", 1, ""), ("1.1.0", 1, "rolled back"),
    }  # fmt: skip
    assert rollback.plan(first).possible is False
