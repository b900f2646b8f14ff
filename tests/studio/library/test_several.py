"""Several rules at once, and views that are kept."""

from __future__ import annotations

import pytest
from django.urls import reverse

from studio.library.models import Ownership
from studio.review.lifecycle import State
from studio.review.models import Revision
from studio.saved.models import SavedView
from tests.studio.review.conftest import catalogue, desk, draft, house

__all__ = ["catalogue", "desk", "draft", "house"]

pytestmark = pytest.mark.django_db
BULK = "/library/several/"


@pytest.fixture
def approved(house):
    return house.approve(house.hand_in())


@pytest.fixture
def mai(client, people, approved):
    """A client signed in as the maintainer."""
    client.force_login(people.mai)
    return client


def do(client, what, *rules, **more):
    return client.post(BULK, {"do": what, "rule": [one.draft_id for one in rules], **more}, follow=True)


def test_it_deprecates_and_reinstates(mai, approved):
    asked = mai.get(BULK, {"do": "deprecate", "rule": approved.draft_id}).content.decode()
    assert "Disable recovery features" in asked
    assert do(mai, "deprecate", approved, reason=" ").status_code == 422
    assert "Deprecated." in do(mai, "deprecate", approved, reason="Nobody uses it.").content.decode()
    assert "Disable recovery features" not in mai.get("/library/").content.decode()
    assert "Disable recovery features" in mai.get("/library/?state=deprecated").content.decode()
    assert "Nobody uses it." in mai.get(f"/library/{approved.draft_id}/").content.decode()
    do(mai, "reinstate", approved, reason="Needed again.")
    assert Revision.objects.get(pk=approved.pk).state == State.APPROVED
    assert "is approved already" in do(mai, "reinstate", approved, reason="Once more.").content.decode()


def test_it_hands_over_and_finds_by_owner(mai, people, approved):
    do(mai, "owner", approved, owner=people.rui.pk)
    assert Ownership.objects.get().owner == people.rui
    assert do(mai, "owner", approved, owner=people.sam.pk).status_code == 422
    assert "Disable recovery features" in mai.get(f"/library/?owner={people.rui.pk}").content.decode()
    assert "No rule matches" in mai.get(f"/library/?owner={people.ada.pk}").content.decode()


def test_tags_change_the_draft_and_never_what_is_approved(mai, approved):
    shown = do(mai, "tag", approved, add="maturity_stable, PCI_DSS_10.6", drop="host").content.decode()
    assert "Its draft is changed." in shown
    approved.refresh_from_db()
    assert "PCI_DSS_10.6" not in approved.content["tags"]
    tags = approved.draft.rule_content().tags
    assert tags[0] == "maturity_stable"
    assert "PCI_DSS_10.6" in tags
    assert "host" not in tags
    refused = do(mai, "tag", approved, add="container", hand_in="on").content.decode()
    assert "holds other changes" in refused


def test_tags_can_be_handed_in_at_once(mai, people, approved):
    do(mai, "tag", approved, add="PCI_DSS_10.6", hand_in="on")
    newest = Revision.objects.order_by("-number").first()
    assert (newest.state, newest.handed_in_by) == (State.IN_REVIEW, people.mai)
    assert "PCI_DSS_10.6" in newest.content["tags"]


def test_all_that_match_are_taken(mai, approved):
    shown = mai.get(BULK, {"do": "deprecate", "all": "technique=T1490"}).content.decode()
    assert "1 rule<" in shown
    assert approved.name in shown
    assert mai.get(BULK, {"do": "deprecate", "all": "technique=T9999"}).status_code == 302
    assert mai.get(BULK, {"do": "nonsense", "rule": approved.draft_id}).status_code == 404
    assert mai.get(BULK, {"do": "tag", "rule": "x"}).status_code == 302


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("field=proc.name", True),
        ("field=proc.nam", False),
        ("maturity=maturity_stable", False),
        ("tag=T1490", True),
        ("state=all&technique=T1490", True),
        ("state=deprecated", False),
    ],
)
def test_it_finds_by_what_a_rule_names(mai, approved, query, found):
    assert (approved.name in mai.get(f"/library/?{query}").content.decode()) is found


def test_a_view_is_kept_for_oneself_or_for_the_team(client, people, approved):
    client.force_login(people.ada)
    kept = {"place": "library:list", "query": "technique=T1490&page=3&q=", "name": "Ransom"}
    answer = client.post(reverse("saved:keep"), kept)
    assert answer.url == "/library/?technique=T1490"
    assert "Ransom" in client.get("/library/").content.decode()
    client.force_login(people.rui)
    assert "Ransom" not in client.get("/library/").content.decode()
    view = SavedView.objects.get()
    assert client.post(reverse("saved:forget", args=[view.pk])).status_code == 404
    client.force_login(people.ada)
    client.post(reverse("saved:keep"), {**kept, "shared": "on"})
    client.force_login(people.rui)
    assert "Ransom" in client.get("/library/").content.decode()
    assert client.post(reverse("saved:forget", args=[view.pk])).status_code == 403
    client.force_login(people.ada)
    client.post(reverse("saved:forget", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name_and_a_list(signed_in):
    keep = reverse("saved:keep")
    assert signed_in.post(keep, {"place": "nowhere", "name": "x"}).status_code == 404
    for name in ("", "x" * 61):
        signed_in.post(keep, {"place": "review:list", "query": "view=all", "name": name})
    assert not SavedView.objects.exists()


def test_an_author_is_not_offered_what_a_maintainer_does(signed_in, approved):
    assert "data-pick-all" not in signed_in.get("/library/").content.decode()
    assert signed_in.get(BULK, {"do": "tag", "rule": approved.draft_id}).status_code == 403
