"""The frame in a real browser: accessible in light and dark, by keyboard, on a phone, and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from studio.accounts import services
from studio.audit.services import record
from studio.notices import webhooks
from studio.notices.models import Event
from tests.people import PASSWORD, cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/settings/",
    "/settings/members/",
    "/settings/team/",
    "/account/password/",
    "/account/second-factor/",
    "/account/sessions/",
    "/notices/",
    "/notices/mail/",
    "/notices/webhooks/",
    "/journal/?q=W&about=draft&since=2020-01-01",
    "/search/?q=x",
    "/nowhere/",
]


@pytest.fixture(scope="module")
def browser():
    from tests.browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def people(transactional_db):
    return cast()


@pytest.fixture
def visit(browser, live_server, people, client):
    """Opens pages as somebody (None: nobody), watching the console: an error there fails the story."""
    contexts, errors = [], []

    def opened(path, who=None, **options):
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        if who:
            client.force_login(who)
            context.add_cookies(
                [{"name": "mews_session", "value": client.cookies["mews_session"].value, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
    refusals = re.compile("Failed to load resource|Response Status Error")  # the browser's words for 403, 404, 422
    assert not [error for error in errors if not refusals.search(error)]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_it_is_accessible_and_fits_on_a_phone(visit, people, width, scheme):
    from tests.browser import complaints, overflows

    services.invite(people.ann, people.team, "new@harbour.example", "author")
    record(people.ada, people.team, "draft.created", "W" * 250, note="x" * 300)
    told = {"url": "https://chat.example/x", "shape": "generic", "events": list(Event.values)}
    hook, _ = webhooks.create(people.ann, people.team, "W" * 80, **told)
    sent = webhooks.send_trial(people.ann, hook)
    page = visit("/settings/", people.ann, color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in [*PAGES, hook.get_absolute_url(), f"/notices/webhooks/deliveries/{sent.pk}/"]:
        page.goto(path)
        assert complaints(page) == [], path
        assert not overflows(page), (path, width)
        for tab in page.locator(".tabs [aria-current]").all():
            box = tab.bounding_box()
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_at_the_door(visit, people, scheme):
    from tests.browser import complaints, overflows

    _, token = services.invite(people.ann, people.team, "new@harbour.example", "author")
    for path in ("/account/login/", f"/invitation/{token}/", "/setup/spent/"):
        page = visit(path, color_scheme=scheme, viewport={"width": 320, "height": 700})
        assert complaints(page) == [], path
        assert not overflows(page)


def test_it_shows_open_menus_and_dialogs_accessibly(visit, people):
    from tests.browser import complaints

    page = visit("/settings/members/", people.ann, color_scheme="dark")
    page.click("summary")
    assert complaints(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("summary:focus")).to_have_count(1)
    page.keyboard.press("?")
    expect(page.locator("dialog#shortcuts")).to_be_visible()
    assert complaints(page) == []
    page.keyboard.press("Escape")
    page.click("text=Remove >> nth=0")
    page.wait_for_selector(".ask:popover-open")
    assert complaints(page) == []


def test_it_works_from_the_keyboard(visit, people):
    page = visit("/settings/team/", people.ada)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("gs c")
    assert "/settings/team/" in page.url
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/settings/")


def test_it_switches_the_look_at_once_and_remembers(visit, people):
    page = visit("/settings/", people.ada, color_scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.click("summary")
    page.click("button:has-text('Dark')")
    assert page.evaluate(background) != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.click("summary")
    page.click("button:has-text('System')")
    assert page.evaluate(background) == light
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) != light
    page.click("text=Icons only")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-rail", "slim")
    assert page.locator(".rail").bounding_box()["width"] < 70


def test_it_takes_the_drawer_out_on_a_phone_without_javascript(visit, people):
    page = visit("/settings/", people.ada, viewport={"width": 390, "height": 700}, java_script_enabled=False)
    expect(page.locator("nav.rail")).to_be_hidden()
    page.click("button[aria-label='Open the menu']")
    expect(page.locator("nav.rail")).to_be_visible()


def test_it_signs_in_and_out_without_javascript(visit, people):
    page = visit("/account/login/", java_script_enabled=False)
    page.fill("[name=login]", people.ada.email)
    page.fill("[name=password]", PASSWORD)
    page.click("button:has-text('Sign in')")
    page.goto("/settings/")
    page.fill("[name=name]", "Ada Other")
    page.click("button:has-text('Save')")
    expect(page.locator("text=Saved.")).to_be_visible()
    page.click("summary")
    page.click("button:has-text('Dark')")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.click("summary")
    page.click("button:has-text('Sign out')")
    assert "/account/login/" in page.url


def test_it_leads_to_what_is_wrong_in_a_form(visit, people):
    page = visit("/settings/", people.ada)
    page.fill("[name=name]", "")
    page.click("button:has-text('Save')")
    page.wait_for_selector(".error-summary")
    expect(page.locator(".error-summary")).to_be_focused()
    page.click(".error-summary a")
    expect(page.locator("[name=name]:focus")).to_have_count(1)


def test_it_shows_toasts_that_can_be_closed(visit, people):
    page = visit("/settings/", people.ada)
    page.click("button:has-text('Save')")
    page.wait_for_selector(".toast-note")
    page.click("button[aria-label='Close this message']")
    expect(page.locator(".toast-note")).to_have_count(0)


def test_it_says_when_the_network_is_gone(visit, people):
    page = visit("/settings/", people.ada)
    expect(page.locator("#offline")).to_be_hidden()
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_selector("#offline", state="hidden")


def test_it_tells_what_went_wrong_with_a_request(visit, people):
    page = visit("/settings/", people.vic)
    page.evaluate("htmx.ajax('POST', '/settings/members/invite/', {target: '#main', swap: 'innerHTML'})")
    page.wait_for_selector(".toast-note-error")
    expect(page.locator(".toast-note-error")).to_contain_text("needs the role Administrator")
    expect(page.locator("h1")).to_be_visible()
