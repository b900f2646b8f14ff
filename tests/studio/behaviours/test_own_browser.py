"""A behaviour written in a real browser: checks follow the typing, rows come by keyboard, pages are in order."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from studio.behaviours import queries
from studio.behaviours.models import OwnVersion
from studio.behaviours.own import services
from tests.browser import complaints, overflows
from tests.people import cast
from tests.studio.behaviours.own import record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser():
    from tests.browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def page(browser, live_server, transactional_db, client):
    """A page signed in as the author; an error in the console fails the story."""
    people, errors = cast(), []
    services.create(people.team, people.ada, record())
    client.force_login(people.ada)
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    cookie = client.cookies["mews_session"].value
    context.add_cookies([{"name": "mews_session", "value": cookie, "url": live_server.url}])
    opened = context.new_page()
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert [error for error in errors if "status of 422" not in error] == []


def in_order(page, address: str) -> None:
    """Wide and narrow; what axe says, in the dark on a narrow window."""
    page.emulate_media(color_scheme="dark")
    page.goto(address)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert not overflows(page), (address, width)
    assert complaints(page) == [], address


def test_a_behaviour_is_written_while_the_checks_follow(page):
    page.goto("/behaviours/own/new/?copy=t1490-btrfs-delete")
    checks = page.locator("#own-checks")
    expect(checks).to_contain_text("Every check passes")
    page.get_by_label("Of what").first.fill("btrfs filesystem usage /")
    expect(checks).to_contain_text("The clause does not fire on")
    checks.get_by_role("link", name="Attack event 1").click()
    assert page.url.endswith("#own-attack-1")
    page.get_by_label("Of what").first.fill("btrfs subvolume delete /x")
    expect(checks).to_contain_text("Every check passes")
    page.get_by_role("button", name="Add an attack event").press("Enter")
    added = page.locator(f"#own-attack-{len(queries.get('t1490-btrfs-delete').attack_events) + 1}")
    expect(added).to_be_visible()
    added.get_by_role("button", name=re.compile("^Remove")).press("Enter")
    expect(added).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).last.press("Enter")
    expect(page.get_by_role("button", name="Hand in for review")).to_be_visible()
    assert OwnVersion.objects.get(behaviour__slug="t1490-btrfs-delete-ours").sound


def test_every_page_of_them_is_in_order(page):
    version = OwnVersion.objects.get()
    for address in (version.get_absolute_url(), f"{version.get_absolute_url()}edit/?view=yaml"):
        in_order(page, address)
    page.goto("/behaviours/own/import/")
    page.get_by_label("File").set_input_files(files=[{"name": "a.yaml", "mimeType": "text/yaml", "buffer": b"a: ["}])
    page.get_by_role("button", name="See what it holds").click()
    expect(page.get_by_text("This is not YAML")).to_be_visible()
    assert complaints(page) == []
