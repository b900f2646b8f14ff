"""Findings in a real browser: switched off where they stand, what is opened stays open, pages that axe likes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from studio.authoring import services
from studio.authoring.edits import set_condition
from tests.browser import chromium, complaints, overflows
from tests.people import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_findings_are_switched_off_where_they_stand(live_server, transactional_db, client):
    people = cast()
    client.force_login(people.mai)
    draft = services.create(people.team, people.mai, (), "Odd reads")
    seen = services.Seen(people.mai, people.team, draft.version)
    services.edit(draft.pk, seen, set_condition("evt.type = open and fd.name == /etc/shadow"))
    with chromium() as browser:
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
        cookie = client.cookies["mews_session"].value
        context.add_cookies([{"name": "mews_session", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))

        page.goto(f"/drafts/{draft.pk}/condition/?view=text&panel=findings")
        page.wait_for_load_state("networkidle")
        tab = page.locator("#tab-findings .count")
        before = int(tab.inner_text())
        page.locator("#condition-editor .cm-content").click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" ")
        # Leaving the editor saves once more and draws the panel anew: what is opened meanwhile stays open.
        box = page.locator("#panel-findings details[data-keep^='waive:MEWS_DOUBLE_EQUALS']")
        with page.expect_response(re.compile("/condition/$")):
            box.locator("summary").click()
        page.wait_for_load_state("networkidle")
        expect(box).to_have_attribute("open", "")
        box.get_by_label("Reason").fill("Our generator writes it so.")
        box.get_by_role("button").click()
        expect(tab).to_have_text(str(before - 1))
        switched = page.locator("#panel-findings details.waived")
        switched.locator("summary").click()
        assert complaints(page) == []
        switched.get_by_role("button", name="Switch MEWS_DOUBLE_EQUALS on again").click()
        expect(tab).to_have_text(str(before))

        page.goto("/lints/?kind=safe")
        row = page.locator("#lint-MEWS_DOUBLE_EQUALS")
        row.locator("summary").press("Enter")
        row.get_by_label("Reason").fill("We like it.")
        row.get_by_role("button", name="Switch off").press("Enter")
        expect(row).to_contain_text("We like it.")
        assert complaints(page) == []
        page.set_viewport_size({"width": 320, "height": 800})
        assert not overflows(page)
        assert errors == []
