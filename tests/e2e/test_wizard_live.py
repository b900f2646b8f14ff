"""The wizard with JavaScript: nothing clicked or typed is lost, the panel follows, the keyboard stays where it is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.article import BEHAVIOURS
from tests.e2e.conftest import PASSWORD, Desk

EDITOR = "#condition-editor .cm-content"


@pytest.fixture
def page(desk: Desk) -> Page:
    """A new draft on T1490, at its behaviours."""
    page = desk.page
    page.goto("/drafts/new/?technique=T1490")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/behaviours/"))
    return page


def step(page: Page, slug: str) -> str:
    return re.sub(r"/[a-z]+/(\?.*)?$", f"/{slug}/", page.url)


def test_it_loses_no_click_however_quickly_one_picks(page: Page):
    for behaviour in BEHAVIOURS:
        page.locator(f"#pick-{behaviour}").click()
    expect(page.locator(".behaviour-chosen")).to_have_count(len(BEHAVIOURS), timeout=60_000)
    page.goto(step(page, "condition") + "?view=text")
    assert page.locator("#id_condition").input_value().count("spawned_process") == len(BEHAVIOURS)


def test_it_keeps_what_is_typed_when_one_goes_on_at_once(page: Page):
    page.goto(step(page, "condition") + "?view=text")
    page.locator(EDITOR).fill("spawned_process and proc.name = quick")
    page.locator(".wizard-foot .btn-primary").click()
    page.wait_for_url(re.compile("/exceptions/"))
    page.locator("#progress a[href$='/condition/']").click()
    expect(page.locator("#id_condition")).to_have_value("spawned_process and proc.name = quick")


def test_it_keeps_what_is_typed_when_one_leaves_by_a_link_or_reloads(page: Page):
    page.goto(step(page, "details"))
    page.locator("#id_name").fill("Left by a link")
    page.locator("#progress a[href$='/output/']").click()
    page.wait_for_url(re.compile("/output/"))
    expect(page.locator("#draft-title")).to_have_text("Left by a link")
    page.goto(step(page, "details"))
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("#id_name").fill("Kept on reload")
    page.reload()
    expect(page.locator("#id_name")).to_have_value("Kept on reload")


def test_it_follows_in_the_panel_and_leaves_the_cursor_alone(page: Page):
    page.goto(step(page, "condition") + "?view=text")
    page.locator(EDITOR).click()
    page.keyboard.type("spawned_process and proc.nme = rm")
    expect(page.locator("#side")).to_contain_text("proc.nme")
    expect(page.locator("#condition-live")).to_contain_text("Did you mean proc.name")
    page.keyboard.type(" and container")
    expect(page.locator("#side")).to_contain_text("rm and container")
    expect(page.locator("mews-editor:focus")).to_have_count(1)
    page.locator("#tab-findings").click()
    page.locator("#side .finding a").first.click()
    place = len("spawned_process and ")
    page.wait_for_function(f"document.getElementById('id_condition').selectionStart === {place}")


def test_it_inserts_a_field_where_the_cursor_stands(page: Page):
    page.locator(f"#pick-{BEHAVIOURS[0]}").click()
    expect(page.locator(".behaviour-chosen")).to_have_count(1)
    page.goto(step(page, "output") + "?how=text")
    page.locator("#output-editor .cm-content").fill("Gone |")
    expect(page.locator("#insert-process-proccmdline")).to_contain_text("Insert")
    page.locator("#insert-process-proccmdline").click()
    expect(page.locator("#id_output")).to_have_value("Gone | command=%proc.cmdline")
    expect(page.locator("#insert-process-proccmdline")).to_contain_text("Printed already")
    expect(page.locator("#live .alert-text")).to_contain_text("Gone | command=rm -rf /backup/nightly")


def test_it_gives_the_focus_back_after_every_swap(page: Page):
    pick = page.locator(f"#pick-{BEHAVIOURS[0]}")
    pick.focus()
    page.keyboard.press("Enter")
    expect(pick).to_have_attribute("aria-pressed", "true")
    expect(pick).to_be_focused()
    page.goto(step(page, "exceptions"))
    page.locator("#suggest-own").focus()
    page.keyboard.press("Enter")
    page.locator("#add-row-0").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cell-0-1-0")).to_be_focused()
    page.locator("#drop-0").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#exception-0")).to_have_count(0)
    expect(page.locator("#stage-title")).to_be_focused()


def test_it_undoes_and_redoes_by_keyboard(page: Page):
    page.locator(f"#pick-{BEHAVIOURS[0]}").click()
    expect(page.locator(".behaviour-chosen")).to_have_count(1)
    page.locator("#stage-title").focus()
    page.keyboard.press("Control+z")
    expect(page.locator(".behaviour-chosen")).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(".behaviour-chosen")).to_have_count(1)


def second_tab(page: Page) -> Page:
    other = page.context.new_page()
    other.goto(page.url)
    return other


def test_it_shows_both_versions_where_two_tabs_write(page: Page, desk: Desk):
    page.goto(step(page, "details"))
    other = second_tab(page)
    with other.expect_response(lambda answer: answer.request.method == "POST"):
        other.locator("#id_name").fill("From the other tab")
    page.locator("#id_desc").fill("From this tab.")
    expect(page.locator("#conflict-title")).to_be_focused()
    expect(page.locator(".conflict")).to_contain_text("From this tab.")
    page.get_by_role("button", name="Save both changes").click()
    page.wait_for_load_state()
    expect(page.locator("#id_desc")).to_have_value("From this tab.")
    assert all("409" in complaint for complaint in desk.complaints)


def sign_out(context: BrowserContext) -> None:
    """The session ends behind the page's back."""
    context.clear_cookies(name="mews_session")


def test_it_restores_what_was_typed_after_signing_in_again(page: Page):
    page.goto(step(page, "condition") + "?view=text")
    sign_out(page.context)
    page.locator(EDITOR).fill("proc.name = typed_while_signed_out")
    page.wait_for_url(re.compile("/account/login/"))
    page.locator("input[name=login]").fill("ada@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/condition/"))
    expect(page.locator("#id_condition")).to_have_value("proc.name = typed_while_signed_out")
    expect(page.locator("#messages")).to_contain_text("What you had typed is saved now")
