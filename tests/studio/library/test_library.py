"""The library: approved rules by what they say, by technique, tactic, priority and author, with their history."""

from __future__ import annotations

import pytest

from studio.authoring import edits
from studio.library.asking import Asked
from tests.studio.review.conftest import catalogue, changed, desk, draft, house

__all__ = ["catalogue", "changed", "desk", "draft", "house"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(house):
    return house.approve(house.hand_in())


def page(client, address="/library/"):
    return client.get(address).content.decode()


def test_only_what_is_approved_stands_here(desk, house):
    assert "No approved rules yet" in page(desk.client)
    revision = house.hand_in()
    assert "No approved rules yet" in page(desk.client)
    house.approve(revision)
    assert "Disable recovery features" in page(desk.client)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=chattr", True),
        ("q=recovery+CHATTR", True),
        ("q=nothing", False),
        ("q=macro", False),  # names of marks are no words of the rule
        ("q=field", False),
        ("q=t1490", True),
        ("technique=t1490", True),
        ("technique=T149", True),
        ("technique=1490", False),
        ("tactic=impact", True),
        ("tactic=persistence", False),
        ("priority=CRITICAL", True),
        ("priority=NOTICE", False),
        ("priority=nonsense", True),
        ("author={ada}", True),
        ("author=999999", False),
        ("author=x", True),
        ("q=100%25", False),
        ("q=%00&page=99&sort=nonsense", True),
    ],
)
def test_it_finds_by_the_address(desk, people, approved, query, found):
    shown = page(desk.client, f"/library/?{query.format(ada=people.ada.pk)}")
    assert (f'href="/library/{approved.draft_id}/"' in shown) is found


def test_the_page_of_a_rule_shows_it_as_it_was_approved(desk, house, approved):
    house.edit(edits.set_output("Not approved yet"))
    text = page(desk.client, f"/library/{approved.draft_id}/")
    assert "Not approved yet" not in text
    assert "the change counts when" in text
    assert "the process name is" in text
    assert "Rui Reviewer approved" in text


def test_it_changes_with_the_next_approval_and_keeps_the_history(desk, house, changed):
    assert "Recovery disabled (user" not in page(desk.client, f"/library/{changed.draft_id}/")
    house.approve(changed)
    text = page(desk.client, f"/library/{changed.draft_id}/")
    assert "Recovery disabled (user" in text
    assert "?base=1" in text


def test_other_teams_see_nothing_of_it(client, people, approved):
    client.force_login(people.sam)
    assert client.get(f"/library/{approved.draft_id}/").status_code == 404
    assert "No approved rules yet" in page(client)


def test_the_search_over_everything_finds_it(desk, approved):
    assert f"/library/{approved.draft_id}/" in page(desk.client, "/search/?q=chattr")


def test_an_address_keeps_only_what_differs():
    assert Asked.of({"q": "a", "priority": "CRITICAL", "sort": "name"}).address(priority="") == "?q=a&sort=name"
