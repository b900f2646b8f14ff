"""The pages of a review in a real browser: in order for axe, light and dark, wide and on a phone, without scripts too.

With MEWS_PICTURES set to a folder, each page is kept there as a picture.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from studio.review import talk
from studio.review.models import Revision
from studio.review.talk import Place
from tests.people import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
VIEWS = ["", "?tab=yaml&line=4", "?tab=behaviour", "?tab=history"]


@pytest.fixture(scope="module")
def browser():
    from tests.browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def people(transactional_db):
    return cast()


@pytest.fixture
def visit(browser, live_server, client):
    """Opens pages as somebody; a complaint of the console fails the story."""
    contexts, errors = [], []

    def opened(who, **options):
        context = browser.new_context(base_url=live_server.url, reduced_motion="reduce", **options)
        contexts.append(context)
        client.force_login(who)
        cookie = client.cookies["mews_session"].value
        context.add_cookies([{"name": "mews_session", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def spoken(people, revision):
    """Threads everywhere: open, answered, resolved, with a suggestion, on a line."""
    whole = talk.begin(revision.pk, people.team, people.rui, Place("whole"), "@Ada, is `chattr` ever legitimate?")
    talk.reply(whole.thread_id, people.team, people.ada, "On backup hosts, yes.\nI'll name them.")
    done = talk.begin(revision.pk, people.team, people.mai, Place("details"), "The description is short.")
    talk.resolve(done.thread_id, people.team, people.ada, resolved=True)
    text = "Recovery disabled | user=%user.name command=%proc.cmdline terminal=%proc.tty"
    talk.begin(revision.pk, people.team, people.rui, Place("output"), "Keep the terminal.", text)
    talk.begin(revision.pk, people.team, people.rui, Place("line", 2), "Say which recovery.")


def keep(page, name):
    if folder := os.environ.get("MEWS_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide-light", "narrow-dark"])
def test_it_is_in_order(visit, people, changed, scheme, size):
    from tests.browser import complaints, overflows

    spoken(people, changed)
    page = visit(people.rui, viewport=size, color_scheme=scheme)
    first = Revision.objects.get(number=1)
    addresses = [
        *(f"/reviews/{changed.pk}/{view}" for view in VIEWS),
        f"/reviews/{first.pk}/",
        "/reviews/",
        "/reviews/?view=all",
        "/notices/",
        "/library/",
        f"/library/{changed.draft_id}/",
    ]
    wrong = {}
    for number, address in enumerate(addresses):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        keep(page, f"{number}-{scheme}-{size['width']}")
        found = complaints(page) + (["scrolls sideways"] if overflows(page) else [])
        if found:
            wrong[address] = found
    assert not wrong


def test_a_review_goes_through_without_scripts(visit, people, changed):
    page = visit(people.rui, viewport=WIDE, java_script_enabled=False)
    page.goto(f"/reviews/{changed.pk}/")
    page.get_by_role("button", name="Request changes").click()
    expect(page.get_by_text("Say in the note what is to change.")).to_be_visible()
    page.get_by_label("Note").first.fill("Keep the removed behaviour.")
    page.get_by_role("button", name="Request changes").click()
    expect(page.get_by_text("goes back to its author")).to_be_visible()


def test_a_suggestion_goes_from_reviewer_to_draft_without_scripts(visit, people, changed):
    page = visit(people.rui, viewport=WIDE, java_script_enabled=False)
    page.goto(f"/reviews/{changed.pk}/")
    output = page.locator("#part-output")
    output.get_by_text("Comment on output").click()
    output.get_by_label("Comment", exact=True).fill("Say it shorter, @Ada.")
    output.get_by_text("Suggest another output").click()
    output.get_by_label("Suggested output").fill("Recovery is gone (%proc.cmdline)")
    output.get_by_role("button", name="Comment").click()
    expect(output.get_by_text("Suggested text")).to_be_visible()
    author = visit(people.ada, viewport=WIDE, java_script_enabled=False)
    author.goto(f"/reviews/{changed.pk}/")
    author.get_by_role("button", name="Apply to the draft").click()
    expect(author.get_by_text("The suggestion is in the draft")).to_be_visible()
    expect(author.get_by_text("The draft has changed since.")).to_be_visible()
