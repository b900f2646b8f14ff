"""Four people of two teams and a whole review: handed in, sent back with a suggestion, approved by somebody who wrote
none of it, released. Nobody waits for a page to load again, and the other team sees nothing of it.
"""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from studio.packs.models import Release
from studio.review.lifecycle import State
from studio.review.models import Revision
from tests.browser import chromium
from tests.people import cast
from tests.studio.authoring.conftest import catalogue, desk, draft
from tests.studio.packs.test_releases import own_folder

__all__ = ["catalogue", "desk", "draft", "own_folder"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHORTER = "Recovery disabled (user=%user.name command=%proc.cmdline parent=%proc.pname)"


@pytest.fixture
def people(transactional_db):
    return cast()


@pytest.fixture
def visit(live_server):
    """Opens a page as somebody, who stays signed in on it."""
    with chromium() as browser:

        def opened(who) -> Page:
            context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
            client = Client()
            client.force_login(who)
            cookie = client.cookies["mews_session"].value
            context.add_cookies([{"name": "mews_session", "value": cookie, "url": live_server.url}])
            return context.new_page()

        yield opened


def hand_in(page: Page, draft: int, note: str) -> None:
    page.goto(f"/drafts/{draft}/check/")
    page.get_by_label("Note").fill(note)
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("main")).to_contain_text("In review")


def waiting(page: Page) -> str:
    """Follow what waits for this person; the address of its revision."""
    page.goto("/reviews/")
    page.get_by_role("link", name="Disable recovery features").click()
    expect(page.locator("#decide-title")).to_be_visible()
    page.wait_for_load_state("load")
    return page.url


def suggest_and_send_back(page: Page) -> None:
    output = page.locator("#part-output")
    output.get_by_text("Comment on output").click()
    output.get_by_label("Comment", exact=True).fill("Shorter, please, @Ada.")
    output.get_by_text("Suggest another output").click()
    output.get_by_label("Suggested output").fill(SHORTER)
    output.get_by_role("button", name="Comment").click()
    expect(output.get_by_text("Suggested text")).to_be_visible()
    page.get_by_label("Note").fill("The output is too long.")
    page.get_by_role("button", name="Request changes").click()
    expect(page.locator("main")).to_contain_text("goes back to its author")


def apply_the_suggestion(page: Page) -> None:
    page.goto("/notices/")
    page.get_by_role("link", name="requests changes in").first.click()
    page.get_by_role("button", name="Apply to the draft").click()
    expect(page.locator("main")).to_contain_text("The draft has changed since.")


def release(page: Page) -> None:
    page.goto("/exports/packs/new/")
    page.get_by_label("Title").fill("Harbour")
    page.get_by_label("Name for machines").fill("harbour")
    page.get_by_role("button", name="Make the pack").click()
    page.get_by_role("region", name="Rules that are not in the pack").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Add the chosen rules").click()
    page.get_by_role("link", name="Release", exact=False).first.click()
    page.get_by_role("button", name="Release 1 rule").click()
    expect(page.get_by_text("harbour-1.0.0.zip").first).to_be_visible()


def test_a_rule_goes_from_hand_to_hand(visit, people, desk):
    desk.write_article()
    draft = desk.now().pk
    ada, rui = visit(people.ada), visit(people.rui)
    hand_in(ada, draft, "The first one.")
    first = waiting(rui)
    loads: list[str] = []
    rui.on("load", lambda: loads.append(rui.url))
    suggest_and_send_back(rui)
    assert loads == []
    apply_the_suggestion(ada)
    hand_in(ada, draft, "Shorter now.")
    rui.goto("/reviews/?view=others")
    rui.get_by_role("link", name="Disable recovery features").first.click()
    expect(rui.locator("#decide-title + p")).to_contain_text("You contributed to this revision")
    second, mai = rui.url, visit(people.mai)
    assert waiting(mai) == second != first
    expect(mai.locator("#summary-title")).to_contain_text("New: fires on")
    mai.get_by_role("button", name="Approve").click()
    expect(mai.locator("main")).to_contain_text("is approved")
    assert list(Revision.objects.order_by("number").values_list("state", flat=True)) == [
        State.SUPERSEDED,
        State.APPROVED,
    ]
    release(mai)
    assert Release.objects.get().members[0]["content"]["output"] == SHORTER
    sam = visit(people.sam)
    assert sam.goto(second).status == 404  # type: ignore[union-attr]
    sam.goto("/reviews/?view=all")
    expect(sam.locator("main")).not_to_contain_text("Disable recovery features")
