"""The builder in a real browser: the article's condition by keyboard alone, focus that is never lost, both views."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from rules_export.language.ast import And, Or
from rules_export.language.parser import parse
from rules_export.language.printer import to_text
from studio.authoring import services
from studio.authoring.edits import set_condition
from tests.e2e.article import TOOLS
from tests.people import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONDITION = (
    'spawned_process and proc.name in (rm, shred) and (proc.args contains "-rf" or proc.args contains -fr)'
    " and not (container or user.name = root)"
)


@pytest.fixture(scope="module")
def browser():
    from tests.browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def opened(browser, live_server, transactional_db, client):
    """Opens step 3 of a draft with a condition, as its author; an error in the console fails the story."""
    people = cast()
    client.force_login(people.ada)
    contexts, errors = [], []

    def page_of(condition="", query="?view=visual", **options):
        draft = services.create(people.team, people.ada, (), "Inhibit System Recovery")
        if condition:
            seen = services.Seen(people.ada, people.team, draft.version)
            draft = services.edit(draft.pk, seen, set_condition(condition))
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        cookie = client.cookies["mews_session"].value
        context.add_cookies([{"name": "mews_session", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"/drafts/{draft.pk}/condition/{query}")
        page.wait_for_load_state("networkidle")
        return page, draft

    yield page_of
    for context in contexts:
        context.close()
    assert not [error for error in errors if not re.search("Failed to load resource|Response Status Error", error)]


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.localName")


def wait_for_focus(page, name):
    expect(page.locator(f"[id='{name}']")).to_be_focused()


def tab_to(page, name, most=60):
    """Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(most):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached by Tab; the focus is on {focused(page)}")


def fill(page, prefix, name, op, value):
    """One line of a blank form by keyboard; the form follows each choice and the focus stays."""
    tab_to(page, f"{prefix}name")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.wait_for_load_state("networkidle")
    tab_to(page, f"{prefix}op")
    if op != "=":
        page.keyboard.type(op, delay=30)
    tab_to(page, f"{prefix}value")
    page.keyboard.type(value)


def test_it_builds_the_articles_condition_by_keyboard_alone(opened):
    page, draft = opened()
    tab_to(page, "add-first")
    page.keyboard.press("Enter")
    wait_for_focus(page, "0-name")
    page.keyboard.type("spawned_process")
    page.keyboard.press("Enter")
    wait_for_focus(page, "row-all")
    tab_to(page, "do-and")
    page.keyboard.press("Enter")
    wait_for_focus(page, "0-name")
    for number, (tool, argument) in enumerate(TOOLS[:3]):
        if number == 0:
            fill(page, "0-", "proc.name", "=", tool)
            page.keyboard.press("Enter")
            wait_for_focus(page, "row-1")
            tab_to(page, "do-or")
            page.keyboard.press("Enter")
            wait_for_focus(page, "0-name")
            fill(page, "0-", "proc.name", "=", "placeholder")
            page.keyboard.press("Enter")
            wait_for_focus(page, "row-1-1")
            page.keyboard.press("ArrowUp")
            wait_for_focus(page, "row-1-0")
            page.keyboard.press("Enter")
            expect(page.locator("#row-1-0")).to_have_attribute("aria-expanded", "true")
            tab_to(page, "do-and")
            page.keyboard.press("Enter")
            wait_for_focus(page, "0-name")
            fill(page, "0-", "proc.args", "contains", argument)
            page.keyboard.press("Enter")
            wait_for_focus(page, "row-1-0-1")
            page.keyboard.press("Escape")
        else:
            page.locator("#group-row-1").focus()
            page.keyboard.press("Enter")
            wait_for_focus(page, "0-name")
            fill(page, "0-", "proc.name", "=", tool)
            fill(page, "1-", "proc.args", "contains", argument)
            page.keyboard.press("Enter")
            page.wait_for_selector(f"#row-1-{number + 1}-1")
    page.locator("#row-1-1").focus()
    page.keyboard.press("Delete")
    expect(page.locator("#builder")).not_to_contain_text("placeholder")
    draft.refresh_from_db()
    tree = parse(draft.content["condition"])
    clauses = " or ".join(f'(proc.name = {tool} and proc.args contains "{argument}")' for tool, argument in TOOLS[:3])
    assert to_text(tree) == to_text(parse(f"spawned_process and ({clauses})"))
    assert isinstance(tree, And)
    assert isinstance(tree.args[1], Or)


def test_it_moves_and_removes_rows_and_undoes_with_the_focus_on_them(opened):
    page, draft = opened(CONDITION)
    page.locator("#row-1").focus()
    page.keyboard.press("Alt+ArrowUp")
    wait_for_focus(page, "row-0")
    page.keyboard.press("Alt+ArrowDown")
    wait_for_focus(page, "row-1")
    page.keyboard.press("Alt+ArrowRight")
    wait_for_focus(page, "row-1-0")
    expect(page.locator("#row-1-0")).to_contain_text("proc.name")
    page.keyboard.press("Alt+ArrowLeft")
    wait_for_focus(page, "row-2")
    page.keyboard.press("Delete")
    wait_for_focus(page, "row-1")
    draft.refresh_from_db()
    assert "shred" not in draft.content["condition"]
    page.keyboard.press("Control+z")
    expect(page.locator("#builder")).to_contain_text("shred")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_contain_text("Move the row in its group")


def test_it_saves_what_is_typed_and_keeps_the_cursor(opened):
    page, draft = opened(CONDITION, "?view=visual&at=1")
    page.locator("#\\30 -value").fill("rm\nshred\ndd")
    page.keyboard.press("Tab")
    expect(page.locator(".printed")).to_contain_text("dd")
    expect(page.locator("body:focus-within")).to_have_count(1)
    draft.refresh_from_db()
    assert "(rm, shred, dd)" in draft.content["condition"]


def test_whoever_leaves_at_once_leaves_nothing_behind(opened):
    page, draft = opened(CONDITION)
    row = page.locator("#row-2-0")
    row.focus()
    page.keyboard.press("Enter")
    wait_for_focus(page, "0-name")
    page.keyboard.press("Escape")
    wait_for_focus(page, "row-2-0")
    page.keyboard.press("Enter")
    wait_for_focus(page, "0-name")
    page.locator("[id='0-value']").fill("--recursive")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/exceptions/"))
    wait_for_focus(page, "stage-title")
    expect(page.locator("#side .yaml")).to_contain_text("--recursive")
    page.locator("#suggest-root_user").click()
    wait_for_focus(page, "cell-0-0-0")
    expect(page.locator("#conflict-title")).to_have_count(0)


def test_it_searches_a_long_list(opened):
    values = ", ".join(f"tool{number}" for number in range(500))
    page, draft = opened(f"proc.name in ({values}) and container", "?view=visual&at=0")
    page.get_by_placeholder("Find among 500 values").fill("tool499")
    page.get_by_role("button", name="Take out tool499").click()
    expect(page.locator("#builder")).to_contain_text("499 in all")
    draft.refresh_from_db()
    assert "tool499" not in draft.content["condition"]


def test_it_switches_between_the_views_without_loss(opened):
    page, draft = opened(CONDITION)
    page.locator("#view-text").click()
    page.locator("#condition-editor .cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" and proc.pname exists")
    page.locator("#view-visual").click()
    page.wait_for_selector("#row-4")
    assert page.inner_text("#row-4").endswith("proc.pname exists")


def test_it_fixes_at_one_click_with_a_preview(opened):
    page, draft = opened("evt.type in (open, openat) and fd.name = /etc/passwd", "?view=visual&panel=findings")
    fix = page.locator("#live details.fix").first
    fix.locator("summary").click()
    expect(fix.locator("ins")).to_have_text("evt.type in (open, openat, openat2)")
    fix.get_by_role("button", name="Fix").click()
    expect(page.locator("#live")).not_to_contain_text("MEWS_EVENT_FAMILY")
    draft.refresh_from_db()
    assert "openat2" in draft.content["condition"]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_it_is_accessible_and_fits(opened, scheme, width):
    from tests.browser import complaints, overflows

    page, draft = opened(CONDITION, color_scheme=scheme, viewport={"width": width, "height": 900})
    for query in ("", "?at=1", "?at=2", "?at=", "?new=any:2", "?new=or:0", "?view=text&panel=findings"):
        page.goto(f"/drafts/{draft.pk}/condition/{query}")
        page.wait_for_load_state("networkidle")
        assert complaints(page) == [], query
        assert not overflows(page), query
