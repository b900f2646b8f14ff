"""The queues: what waits for whom, what was decided, search and state in the address, and asking reviewers by hand."""

from __future__ import annotations

import pytest

from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.authoring import edits
from studio.review import services
from studio.review.queues import VIEWS, Asked, Queues
from studio.review.services import CannotAssignError, WrongStateError

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(house):
    return house.hand_in()


def where(people, who):
    """The views that hold something for this person."""
    queues = Queues(people.team, getattr(people, who))
    return [name for name in VIEWS if queues.view(name).exists()]


@pytest.mark.parametrize(
    ("who", "views"),
    [
        ("rui", ["mine", "all"]),
        ("mai", ["mine", "all"]),
        ("ada", ["others", "own", "all"]),
        ("vic", ["others", "all"]),
    ],
)
def test_a_revision_waits_for_who_may_decide(people, revision, who, views):
    assert where(people, who) == views


def test_sent_back_it_waits_for_its_author(people, house, revision):
    house.send_back(revision)
    assert where(people, "ada") == ["mine", "own", "decided", "all"]
    assert where(people, "rui") == ["others", "decided", "all"]


def test_approved_it_waits_for_nobody(people, house, revision):
    house.approve(revision)
    assert where(people, "rui") == ["decided", "all"]


def test_it_does_not_wait_for_who_edited_it_or_has_approved_it(people, house):
    people.team.required_approvals = 2
    people.team.save()
    house.edit(edits.set_output("By Mai"), people.mai)
    house.desk.draft.team.refresh_from_db()
    revision = services.hand_in(house.desk.draft.pk, people.team, people.ada, house.desk.now().version)
    assert "mine" not in where(people, "mai")
    house.approve(revision)
    assert "mine" not in where(people, "rui")
    assert "mine" in where(people, "ann")


def test_who_is_asked_has_it_waiting_and_the_others_may_all_the_same(people, house, revision):
    services.assign(revision.pk, people.team, people.ada, [people.mai.pk])
    assert "mine" in where(people, "mai")
    assert "mine" not in where(people, "rui")
    assert JournalEntry.objects.get(verb="revision.assigned").details == {"reviewers": ["Mai Maintainer"]}
    assert house.approve(revision).state == "approved"


def test_only_people_who_may_review_are_asked(people, house, revision):
    for person in (people.vic, people.ada, people.sam):
        with pytest.raises(CannotAssignError):
            services.assign(revision.pk, people.team, people.ada, [person.pk])
    with pytest.raises(RoleNeeded):
        services.assign(revision.pk, people.team, people.vic, [])
    house.approve(revision)
    with pytest.raises(WrongStateError):
        services.assign(revision.pk, people.team, people.ada, [people.mai.pk])


def test_it_asks_on_the_page(client, people, revision):
    client.force_login(people.ada)
    assert "Ask somebody to review" in client.get(f"/reviews/{revision.pk}/").content.decode()
    for chosen, words in (([people.mai.pk], "Saved who"), (["x"], "not one of"), ([people.sam.pk], "not one of")):
        answer = client.post(f"/reviews/{revision.pk}/reviewers/", {"reviewers": chosen}, follow=True)
        assert words in answer.content.decode()
    assert list(revision.reviewers.all()) == [people.mai]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("?q=recovery", True),
        ("?q=T1490+ada", True),
        ("?q=nothing", False),
        ("?state=in_review", True),
        ("?state=approved", False),
        ("?view=decided", False),
        ("?view=all", True),
        ("?view=nonsense&state=nonsense&page=x", True),
    ],
)
def test_the_list_asks_by_its_address(client, people, revision, query, found):
    client.force_login(people.rui)
    page = client.get(f"/reviews/{query}").content.decode()
    assert ("Disable recovery features" in page) is found


def test_the_list_is_narrowed_to_people(client, people, house, revision):
    services.assign(revision.pk, people.team, people.ada, [people.mai.pk, people.rui.pk])
    client.force_login(people.rui)

    def found(**asked):
        page = client.get("/reviews/", {"view": "all", **asked}).content.decode()
        assert ("No revision matches" in page) is ("Disable recovery features" not in page)
        return "Disable recovery features" in page

    assert found(by=people.ada.pk)
    assert found(reviewer=people.mai.pk)
    assert found(by=people.ada.pk, reviewer=people.rui.pk, q="recovery")
    assert not found(by=people.rui.pk)
    assert not found(reviewer=people.ann.pk)
    assert found(by="²", reviewer="x" * 300)


def test_an_author_s_drafts_are_the_first_of_the_queues(client, people, revision):
    client.force_login(people.ada)
    assert (
        'href="/drafts/?state=mine">My drafts <span class="count">1</span>' in client.get("/reviews/").content.decode()
    )
    client.force_login(people.rui)
    assert "My drafts" not in client.get("/reviews/").content.decode()


def test_an_address_keeps_only_what_differs_from_the_default():
    assert Asked().address() == "?"
    assert Asked.of({"view": "all", "q": " a\x00 ", "state": "approved"}).address(state="") == "?view=all&q=a"
    assert Asked.of({"by": "7", "reviewer": "8"}).address(by="") == "?reviewer=8"
