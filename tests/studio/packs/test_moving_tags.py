"""Moving tags of a registry return to the newest valid release, and what cannot be removed is reported."""

from __future__ import annotations

import pytest

from studio.packs import delivering, registry_push, release_services
from studio.packs.models import Placement, Release
from tests.studio.packs.test_registry_push import known, pulled, registry  # noqa: F401 - fixtures
from tests.studio.packs.test_releases import own_folder, pack, released  # noqa: F401 - fixtures
from tests.studio.packs.test_retracting import add_rule, push, retract

pytestmark = pytest.mark.django_db


@pytest.mark.registry
def test_a_yank_moves_the_tags_back(people, pack, known):  # noqa: F811
    about = {"kind": "registry", "label": "Hosts", "address": f"{known}/acme/back"}
    delivering.add(pack, people.mai, **about)
    first = released(pack, people)
    push(first)
    add_rule(people, pack)
    second = released(pack, people, "1.0.1", version_reason="Only a rule for tests.")
    push(second)
    release_services.yank(second, people.mai, "Too loud.")
    back = retract(second)
    assert (back.state, back.outcome) == (
        "done",
        "1.0 names 1.0.0 again. 1 names 1.0.0 again. latest names 1.0.0 again.",
    )
    own = pulled(known, "acme/back", "1.0.0")[0]
    assert [pulled(known, "acme/back", tag)[0] for tag in ("1.0", "1", "latest")] == [own] * 3
    assert pulled(known, "acme/back", "1.0.1")[0] != own
    holds = {one.name: one.release.version for one in Placement.objects.all()}
    assert holds == {"1.0.0": "1.0.0", "1.0.1": "1.0.1", "1.0": "1.0.0", "1": "1.0.0", "latest": "1.0.0"}


@pytest.mark.registry
def test_a_tag_that_cannot_be_removed_is_reported(people, pack, known, monkeypatch):  # noqa: F811
    about = {"kind": "registry", "label": "Hosts", "address": f"{known}/acme/left"}
    delivering.add(pack, people.mai, **about)
    first = released(pack, people)
    push(first)
    add_rule(people, pack)
    second = released(pack, people, "1.1.0")
    push(second)
    release_services.yank(second, people.mai, "Too loud.")
    back = retract(second)
    assert back.outcome == "1 names 1.0.0 again. latest names 1.0.0 again."
    assert (back.state, "does not delete tags" in back.trouble, "1.1" in back.trouble) == ("failed", True, True)
    assert Placement.objects.get(name="1.1").release == second
    monkeypatch.setattr(registry_push, "delete_tag", lambda *about: True)
    delivering.deliver(second, back.destination, people.mai)
    assert retract(second).outcome == "1.1 was deleted."
    assert not Placement.objects.filter(name="1.1").exists()


@pytest.mark.registry
def test_a_release_yanked_between_two_tags_names_no_more(people, pack, known, monkeypatch):  # noqa: F811
    about = {"kind": "registry", "label": "Hosts", "address": f"{known}/acme/between"}
    delivering.add(pack, people.mai, **about)
    first = released(pack, people)
    push(first)
    add_rule(people, pack)
    second = released(pack, people, "1.1.0")
    real = registry_push._taken

    def slow(answer):
        real(answer)
        if answer.request.method == "PUT" and answer.url.endswith("manifests/1.1.0"):
            release_services.yank(Release.objects.get(pk=second.pk), people.mai, "Too loud.")

    monkeypatch.setattr(registry_push, "_taken", slow)
    assert push(second).state == "cancelled"
    assert pulled(known, "acme/between", "latest")[0] == pulled(known, "acme/between", "1.0.0")[0]
    assert "Nothing to change" in retract(second).outcome
