"""In a real browser: the palette by keyboard, text kept without a connection, other people, contrast and size."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from studio.authoring import presence, services
from studio.authoring.edits import set_condition, set_details
from tests.people import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser():
    from tests.browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def opened(browser, live_server, transactional_db, client):
    """The details of a draft, as its author; an error in the console fails the story."""
    people = cast()
    client.force_login(people.ada)
    contexts, errors = [], []

    def page_of(step="details", **options):
        draft = services.create(people.team, people.ada, (), "Shells of the web server")
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        cookie = client.cookies["mews_session"].value
        context.add_cookies([{"name": "mews_session", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"/drafts/{draft.pk}/{step}/")
        page.wait_for_load_state("networkidle")
        return page, draft, people

    yield page_of
    for context in contexts:
        context.close()
    assert not errors


def chosen(page):
    return page.locator('#palette [aria-selected="true"] .palette-words')


def test_the_palette_finds_and_does_by_keyboard(opened):
    from tests.browser import complaints, overflows

    page, draft, _ = opened()
    page.locator("#id_desc").focus()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_contain_text("Step 7: Check")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("#id_desc")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("contrast high")
    expect(chosen(page)).to_have_text("Contrast: High")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-contrast", "more")
    expect(page.locator("#id_desc")).to_be_focused()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.keyboard.press("Control+k")
        expect(page.locator("#palette")).to_contain_text("Step 7: Check")
        assert complaints(page) == [], scheme
        page.keyboard.press("Escape")
    for width in (320, 3840):
        page.set_viewport_size({"width": width, "height": 900})
        assert not overflows(page), width
    page.keyboard.press("Control+k")
    page.keyboard.type("shells")
    expect(chosen(page)).to_have_text(draft.title)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/drafts/{draft.pk}/"))


def test_the_palette_undoes_where_the_page_stands(opened):
    page, draft, _ = opened()
    page.locator("#id_name").fill("Other")
    page.keyboard.press("Tab")
    expect(page.locator("#draft-title")).to_have_text("Other")
    page.keyboard.press("Control+k")
    page.keyboard.type("undo")
    expect(chosen(page)).to_have_text("Undo")
    page.keyboard.press("Enter")
    expect(page.locator("#draft-title")).to_have_text(draft.title)
    expect(page.locator("#id_name")).to_have_value(draft.title)


def test_what_is_typed_without_a_connection_is_kept_and_sent_again(opened):
    page, draft, _ = opened()
    page.context.set_offline(True)
    page.locator("#id_desc").fill("Typed in a tunnel.")
    expect(page.locator("#kept")).to_contain_text("Not saved: no connection. Kept on this machine.")
    expect(page.locator(".toast-note-error")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.locator("#kept")).to_be_hidden()
    expect(page.locator(".toast-note-success")).to_contain_text("What you typed is saved")
    draft.refresh_from_db()
    assert draft.content["desc"] == "Typed in a tunnel."
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_after_a_reload_what_was_kept_is_offered_beside_what_came_since(opened):
    page, draft, people = opened()
    page.route("**/details/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator("#id_desc").fill("Typed before the crash.")
    expect(page.locator("#kept")).to_be_visible()
    services.edit(draft.pk, services.Seen(people.rui, people.team, 1), set_details("Rui's", "", "ERROR", True, ()))
    page.unroute("**/details/")
    page.reload()
    band = page.locator(".kept-text")
    expect(band).to_contain_text("What you typed was not saved")
    expect(page.locator("#id_desc")).to_have_value("")
    band.get_by_role("button", name="Save it now").click()
    expect(page.locator("#conflict-title")).to_be_focused()
    page.get_by_role("button", name="Save both changes").click()
    expect(page.locator("#id_desc")).to_have_value("Typed before the crash.")
    expect(page.locator("#id_name")).to_have_value("Rui's")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_what_is_only_asked_is_not_kept_and_a_refusal_is_an_answer(opened):
    page, _, _ = opened("behaviours")
    page.locator("#command").fill("systemctl disable apport.service")
    expect(page.locator("#proposals")).to_contain_text("apport.service")
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.locator("#take").click()
    expect(page.locator("#stage-title")).to_be_focused()
    page.locator("#find-cards").fill("disable apport")
    expect(page.locator("#find-cards-says")).to_contain_text("1 of")
    expect(page.locator(".behaviour:visible")).to_have_count(1)
    assert page.evaluate(
        "document.querySelector('.side-tabs').scrollHeight === document.querySelector('.side-tabs').clientHeight"
    )
    page.locator("#progress a[href$='/details/']").click()
    page.context.set_offline(True)
    page.locator("#id_name").fill("Named in a tunnel")
    expect(page.locator("#kept")).to_be_visible()
    page.context.set_offline(False)
    page.route("**/details/", lambda route: route.fulfill(status=422, body=""))
    page.locator("#id_name").fill("Named again")
    expect(page.locator("#kept")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).length") == 1, "what was refused stays kept"


def test_it_shows_who_came_and_that_they_saved(opened):
    page, draft, people = opened("condition")
    presence.note(draft, people.rui, "output")
    services.edit(draft.pk, services.Seen(people.rui, people.team, 1), set_condition("proc.name = rui"))
    page.evaluate("document.getElementById('present').dispatchEvent(new CustomEvent('mews:ask'))")
    expect(page.locator("#present")).to_contain_text("Rui Reviewer is here, at the step Output")
    expect(page.locator("#newer")).to_be_visible()
