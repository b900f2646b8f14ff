"""The same path for those who use no mouse, and for those who use no JavaScript."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e import article
from tests.e2e.conftest import Desk
from tests.e2e.test_article import STEPS

MOST_TABS = 400


def tab_to(page: Page, selector: str, backwards: bool = False) -> None:
    """Press Tab until the focus stands on `selector`, as somebody without a mouse does."""
    for _ in range(MOST_TABS):
        if page.evaluate("wanted => !!document.activeElement && document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"{selector} is out of the keyboard's reach")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def follow(page: Page, selector: str, address: str) -> None:
    """Walk to a link and open it."""
    press(page, selector)
    page.wait_for_url(re.compile(address))


def test_it_can_be_done_by_keyboard_alone(desk: Desk, tmp_path: Path):
    page = desk.page
    page.goto("/drafts/")
    page.keyboard.press("c")
    page.wait_for_url(re.compile("/drafts/(new/|[0-9]+/)"))
    if "/new/" in page.url:
        press(page, "main form button.btn-primary")
        page.wait_for_url(re.compile("/technique/"))
    tab_to(page, "#technique-q")
    page.keyboard.type("T1490")
    page.locator("#add-T1490").wait_for()
    press(page, "#add-T1490")
    expect(page.locator("#stage")).to_contain_text("Primary")
    follow(page, ".wizard-foot a.btn-primary", "/behaviours/")
    for behaviour in article.BEHAVIOURS[:2]:
        press(page, f"#pick-{behaviour}")
        expect(page.locator(f"#pick-{behaviour}")).to_have_attribute("aria-pressed", "true")
        expect(page.locator(f"#pick-{behaviour}")).to_be_focused()
    follow(page, ".wizard-foot a.btn-primary", "/condition/")
    follow(page, ".wizard-foot .btn-primary", "/exceptions/")
    press(page, "#suggest-root_user")
    expect(page.locator(".card.exception")).to_have_count(1)
    follow(page, ".wizard-foot a.btn-primary", "/output/")
    follow(page, "#how-text", "how=text")
    tab_to(page, "#output-editor")
    page.keyboard.press("Control+A")
    page.keyboard.type(article.OUTPUT)
    follow(page, ".wizard-foot .btn-primary", "/details/")
    tab_to(page, "#id_name")
    page.keyboard.press("Control+A")
    page.keyboard.type("By keyboard")
    follow(page, ".wizard-foot .btn-primary", "/check/")
    follow(page, "#download", "/exports/")
    page.get_by_role("button", name="Download falco_rules.local.yaml").wait_for()
    with page.expect_download() as taken:
        press(page, "#export-run form button")
    assert "- rule: By keyboard" in Path(taken.value.path()).read_text(encoding="utf-8")
    assert desk.complaints == []


def test_it_can_be_done_without_javascript(plain_desk: Desk):
    page = plain_desk.page
    page.goto("/drafts/new/")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile("/technique/"))
    page.locator("#technique-q").fill("T1490")
    page.locator("form.filters button").click()
    page.locator("#add-T1490").click()
    page.locator(".wizard-foot a.btn-primary").click()
    for behaviour in article.BEHAVIOURS:
        page.locator(f"#pick-{behaviour}").click()
    page.locator(".wizard-foot a.btn-primary").click()
    page.goto(re.sub(r"\?.*", "", page.url) + "?view=text")
    assert "spawned_process" in page.locator("#id_condition").input_value()
    page.locator(".wizard-foot .btn-primary").click()
    page.locator("#suggest-root_user").click()
    page.locator(".wizard-foot a.btn-primary").click()
    page.locator("#how-text").click()
    page.locator("#id_output").fill(article.OUTPUT)
    page.locator(".wizard-foot .btn-primary").click()
    page.locator("#id_name").fill("By forms")
    page.locator("#id_desc").fill(article.DESC)
    page.locator("input[name=priority][value=CRITICAL]").check()
    page.locator("#id_tags").fill(", ".join(article.TAGS))
    page.locator(".wizard-foot .btn-primary").click()
    page.wait_for_url(re.compile("/check/"))
    page.get_by_role("radio", name=re.compile("standalone", re.I)).check()
    page.locator("#download").click()
    page.wait_for_url(re.compile("/exports/"))
    for _ in range(60):
        if page.get_by_role("button", name="Download falco_rules.local.yaml").count():
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name="Look again").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download falco_rules.local.yaml").click()
    rule, macros = article.read(Path(taken.value.path()).read_text(encoding="utf-8"))
    assert article.clauses(rule["condition"], macros) == article.expected(macros)
    assert article.silences_root(rule)
    assert rule["tags"] == article.TAGS


def test_every_step_has_an_address_of_its_own(desk: Desk):
    page = desk.page
    page.goto("/drafts/new/")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/drafts/\d+/"))
    root = re.sub(r"[^/]+/$", "", page.url)
    for step in STEPS:
        answer = page.goto(f"{root}{step}/")
        assert answer is not None
        assert answer.status == 200
        expect(page.locator("#progress [aria-current=step]")).to_have_count(1)
