"""Macros and lists in a real browser: made by keyboard from rows, checked as one types, previewed, found again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from rules_export.language.parser import parse
from studio.authoring import services
from studio.authoring.edits import set_condition
from studio.definitions import queries
from studio.definitions import services as definitions
from studio.definitions.values import LIST, Term
from tests.browser import chromium, complaints, overflows
from tests.people import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONDITION = "spawned_process and proc.name in (acme_tools) and (proc.args contains -rf or proc.args contains -fr)"


def extract_by_keyboard(page):
    """Open the group, extract it, name it."""
    page.locator('[data-row="2"]').focus()
    page.keyboard.press("Enter")
    page.locator("#do-extract").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#extract-name")).to_be_focused()
    assert not complaints(page)
    page.keyboard.type("acme_recursive")
    page.keyboard.press("Tab")
    page.keyboard.type("It works through directories.")
    page.locator("#put-in").focus()
    page.keyboard.press("Enter")
    expect(page.locator('[data-row="2"]')).to_contain_text("acme_recursive")
    expect(page.locator('[data-row="2"]')).to_be_focused()
    expect(page.locator("#live")).to_contain_text("acme_recursive (“It works through directories”) holds")


def change_the_list(page):
    """Repetitions are told as one types, what is found is taken out, what changes is shown before it is saved."""
    page.locator("main a.btn-primary").click()
    page.locator("#id_items").fill("rm\nshred\nrm")
    expect(page.locator("#check")).to_contain_text("1 of them repeated: rm")
    page.locator("#filter-items").fill("shr")
    page.get_by_role("button", name="Take out shred").click()
    expect(page.locator("#id_items")).to_have_value("rm\nrm")
    page.locator("#once-items").click()
    expect(page.locator("#id_items")).to_have_value("rm")
    page.locator("#save").click()
    expect(page.locator("#impact-title")).to_be_focused()
    expect(page.locator(".impact")).to_contain_text("Inhibit System Recovery")
    assert not complaints(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert not overflows(page)
    page.locator("#save-now").click()
    expect(page.locator("#says-title")).to_have_text("1 value")


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


def test_a_macro_from_rows_to_its_page(browser, live_server, transactional_db, client):
    people = cast()
    definitions.create(people.team, people.ada, Term(LIST, "acme_tools", items=("rm", "shred")))
    draft = services.create(people.team, people.ada, (), "Inhibit System Recovery")
    services.edit(draft.pk, services.Seen(people.ada, people.team, draft.version), set_condition(CONDITION))
    client.force_login(people.ada)
    context = browser.new_context(base_url=live_server.url)
    cookie = client.cookies["mews_session"].value
    context.add_cookies([{"name": "mews_session", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))

    page.goto(f"/drafts/{draft.pk}/condition/?view=visual")
    extract_by_keyboard(page)
    made = queries.own(people.team.pk).terms["acme_recursive"]
    assert parse(made.condition) == parse("proc.args contains -rf or proc.args contains -fr")

    # from the text to the list's own page
    page.goto(f"/drafts/{draft.pk}/condition/?view=text")
    page.locator(".cm-content").get_by_text("acme_tools").click(modifiers=["Control"])
    page.wait_for_url("**/definitions/*/")
    expect(page.locator("h1")).to_have_text("acme_tools")
    expect(page.locator(".where-used")).to_contain_text("Inhibit System Recovery")
    assert not complaints(page)

    change_the_list(page)
    assert queries.own(people.team.pk).terms["acme_tools"].items == ("rm",)
    context.close()
    assert not [
        one for one in errors if "sendAbort" not in one and "afterRequest" not in one
    ]  # a newer check took over
