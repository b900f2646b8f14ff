"""Exceptions and output in a real browser, by keyboard: a pasted block, rows that move, focus that follows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studio.authoring import services
from studio.authoring.content import ExceptionTable
from studio.authoring.edits import set_condition, set_output, set_tables
from tests.browser import complaints, overflows
from tests.people import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BLOCK = "user.name\tproc.pname\nbackup\tcron\nada\tbash"
PASTE = """([id, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.getElementById(id).dispatchEvent(paste);
}"""


@pytest.fixture(scope="module")
def browser():
    from tests.browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def opened(browser, live_server, transactional_db, client):
    """A page of Ada's with a draft that has an empty exception and an output; narrow, so that nothing may spill.

    An error in the console fails the story, except for the browser's own note on a post that is refused.
    """
    people = cast()
    client.force_login(people.ada)
    draft = services.create(people.team, people.ada, (), "Backups deleted")
    table = ExceptionTable("jobs", ("proc.name",), ("in",), (("",),))
    for change in (
        set_condition("spawned_process and proc.name = rm"),
        set_tables([table]),
        set_output("Gone | user=%user.name tty=%proc.tty"),
    ):
        draft = services.edit(draft.pk, services.Seen(people.ada, people.team, draft.version), change)
    context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 844})
    cookie = client.cookies["mews_session"].value
    context.add_cookies([{"name": "mews_session", "value": cookie, "url": live_server.url}])
    page, errors = context.new_page(), []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page, draft
    context.close()
    assert [error for error in errors if "status of 422" not in error] == []


def test_a_table_is_pasted_grown_and_reordered_by_keyboard(opened):
    page, draft = opened
    page.goto(f"/drafts/{draft.pk}/exceptions/")
    page.wait_for_load_state("networkidle")
    page.locator("#cell-0-0-0").focus()
    page.evaluate(PASTE, ["cell-0-0-0", BLOCK])
    expect(page.locator("#cell-0-1-1")).to_have_value("bash")
    expect(page.locator("#field-0-1")).to_have_value("proc.pname")
    expect(page.locator("#cell-0-0-0")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#cell-0-1-0")).to_have_value("backup")
    expect(page.locator("#cell-0-1-0")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#cell-0-2-0")).to_be_focused()
    page.keyboard.type("root")
    expect(page.locator("#note-0-2")).to_contain_text("a cell is empty")
    page.locator("#drop-row-0-2").press("Enter")
    expect(page.locator("#drop-row-0-1")).to_be_focused()
    page.evaluate(PASTE, ["cell-0-0-1", "a\tb\nc\td"])
    expect(page.locator("#notice")).to_contain_text("2 columns wide, and 1 fits")
    assert not overflows(page)
    assert not complaints(page)
    draft.refresh_from_db()
    assert draft.content["exceptions"][0]["rows"] == [["ada", "bash"], ["backup", "cron"]]


def test_chips_move_by_keyboard_and_the_text_follows(opened):
    page, draft = opened
    page.goto(f"/drafts/{draft.pk}/output/?how=chips")
    page.wait_for_load_state("networkidle")
    page.locator("#chip-down-0").press("Enter")
    expect(page.locator("#value-0")).to_have_value("%proc.tty")
    page.locator("#any-field").fill("proc.cwd")
    page.locator("#any-field").press("Enter")
    expect(page.locator("#value-2")).to_have_value("%proc.cwd")
    page.locator("#chip-remove-0").press("Enter")
    expect(page.locator("#value-2")).to_have_count(0)
    assert not overflows(page)
    page.locator("#how-text").press("Enter")
    expect(page.locator("#id_output")).to_have_value("Gone | user=%user.name proc_cwd=%proc.cwd")
