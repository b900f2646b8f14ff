"""An import in a real browser: progress without a reload, choices saved at once, by keyboard, narrow, liked by axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from studio.authoring.models import Draft
from studio.library import import_jobs, tasks
from studio.library.models import RulesFile
from tests.browser import chromium, complaints_in_both_schemes, overflows
from tests.people import cast
from tests.studio.library.imports import FILE, choices

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_page(live_server, client, settings, tmp_path, monkeypatch):
    """Opens a browser signed in as Ada; nothing is sent to a worker."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(import_jobs, "_send", lambda _: None)
    monkeypatch.setattr("studio.library.import_worker.run", lambda work, _, progress: work(progress))
    people = cast()
    client.force_login(people.ada)
    with chromium() as browser:

        def opened(**options):
            context = browser.new_context(base_url=live_server.url, **options)
            value = client.cookies["mews_session"].value
            context.add_cookies([{"name": "mews_session", "value": value, "url": live_server.url}])
            return context.new_page()

        yield opened


def upload(page):
    page.goto("/library/import/")
    page.get_by_label("Paste rules, macros and lists").fill(FILE)
    page.get_by_role("button", name="Preview import").press("Enter")
    return RulesFile.objects.latest("pk")


def test_an_import_from_upload_to_drafts(open_page):
    page = open_page(viewport={"width": 1280, "height": 900})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    upload(page)
    expect(page.get_by_text("Waiting for the worker")).to_be_visible()
    file = RulesFile.objects.get()
    tasks.import_rules(file.pk)
    expect(page.get_by_text("3 rules", exact=True)).to_be_visible()  # without a reload
    assert complaints_in_both_schemes(page) == []

    page.get_by_label("Action for rule Typo").select_option("skip")
    expect(page.get_by_role("button", name="Import 2 rules and 2 macros or lists")).to_be_visible()
    assert choices(file)["rule:Typo"] == "skip"
    page.get_by_label("Search", exact=True).fill("typo")
    expect(page.locator(".import-item")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=typo"))
    expect(page.get_by_label("Action for rule Typo")).to_have_value("skip")
    page.get_by_label("Search", exact=True).fill("hoist")
    expect(page.get_by_label("Action for rule Hoist started")).to_be_visible()
    page.get_by_role("button", name="Select none").press("Enter")
    expect(page.get_by_role("button", name="Import 1 rule and 2 macros or lists")).to_be_visible()
    page.get_by_role("button", name="Import 1 rule").press("Enter")
    expect(page.get_by_text("Waiting for the worker")).to_be_visible()
    tasks.import_rules(file.pk)
    expect(page.get_by_role("link", name="Crane started")).to_be_visible()
    assert complaints_in_both_schemes(page) == []
    assert list(Draft.objects.values_list("title", flat=True)) == ["Crane started"]
    assert errors == []


def test_it_works_without_javascript_on_a_narrow_window(open_page):
    page = open_page(java_script_enabled=False, viewport={"width": 390, "height": 800})
    file = upload(page)
    expect(page.get_by_role("link", name="Reload")).to_be_visible()
    tasks.import_rules(file.pk)
    page.get_by_role("link", name="Reload").click()
    page.get_by_label("Action for rule Typo").select_option("skip")
    page.get_by_label("Search", exact=True).fill("hoist")
    page.get_by_label("Search", exact=True).press("Enter")
    expect(page.locator(".import-item")).to_have_count(1)
    assert choices(file)["rule:Typo"] == "skip"
    page.get_by_label("Set all shown to").select_option("skip")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("button", name="Import 1 rule and 2 macros or lists").click()
    tasks.import_rules(file.pk)
    page.get_by_role("link", name="Reload").click()
    expect(page.get_by_role("link", name="Crane started")).to_be_visible()


def test_it_fits_a_narrow_window(open_page):
    page = open_page(viewport={"width": 390, "height": 800})
    file = upload(page)
    tasks.import_rules(file.pk)
    expect(page.get_by_text("3 rules", exact=True)).to_be_visible()
    assert not overflows(page)
