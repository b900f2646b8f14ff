"""Who is asked when a rule is handed in: nobody, the owners of its tactics, or the next in turn."""

from __future__ import annotations

import pytest

from studio.authoring import edits
from studio.notices.models import Notice
from studio.review import assigning
from studio.review.models import Assigning

pytestmark = pytest.mark.django_db


def settle(people, how, **owners):
    assigning.settle(people.team, people.mai, Assigning(how), owners)


def asked(revision):
    return [one.name.split()[0] for one in revision.reviewers.order_by("name")]


def again(house, text):
    house.edit(edits.set_output(f"{text} (command=%proc.cmdline)"))
    return house.hand_in()


def test_nobody_is_asked_by_itself(house):
    assert asked(house.hand_in()) == []
    assert Notice.objects.filter(kind="handed_in").count() == 3


def test_they_are_asked_in_turn(people, house):
    settle(people, "turn")
    names = []
    for number in range(4):
        revision = again(house, f"Words {number}")
        names += asked(revision)
        house.approve(revision, {"Rui": people.rui, "Mai": people.mai, "Ann": people.ann}[names[-1]])
    assert sorted(names[:3]) == ["Ann", "Mai", "Rui"]
    assert names[3] == names[0]


def test_the_owner_of_its_tactic_is_asked(people, house):
    settle(people, "owners", impact=people.mai, persistence=people.rui)
    assert asked(house.hand_in()) == ["Mai"]
    assert Notice.objects.get(kind="asked").to == people.mai
    assert not Notice.objects.filter(kind="handed_in").exists()


def test_an_owner_who_wrote_it_is_not_asked(people, house):
    settle(people, "owners", impact=people.mai)
    house.edit(edits.set_output("By Mai (command=%proc.cmdline)"), by=people.mai)
    assert asked(house.hand_in()) in (["Rui"], ["Ann"])


def test_it_goes_back_to_the_same_people(people, house):
    settle(people, "owners", impact=people.mai)
    house.send_back(house.hand_in())
    settle(people, "owners", impact=people.rui)
    assert asked(again(house, "Better")) == ["Mai"]


def test_a_maintainer_settles_it_on_a_page(client, people, house):
    client.force_login(people.mai)
    page = client.get("/reviews/assignment/").content.decode()
    assert "Owners of tactics" in page
    answer = client.post("/reviews/assignment/", {"how": "owners", "tactic-impact": people.rui.pk})
    assert answer.status_code == 302
    assert assigning.owners(people.team) == {"impact": [people.rui]}
    assert client.post("/reviews/assignment/", {"how": "x"}).status_code == 422
    assert client.post("/reviews/assignment/", {"how": "turn", "tactic-impact": people.vic.pk}).status_code == 422
