"""The first user story: the whole article, from the set-up link to the file that Falco loads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e import article
from tests.e2e.conftest import ROOT, Desk

STEPS = ("technique", "behaviours", "condition", "exceptions", "output", "details", "check")


def go(page: Page, step: str) -> None:
    """Open a step by its link in the progress header."""
    page.locator(f"#progress a[href$='/{step}/']").click()
    page.wait_for_url(re.compile(f"/{step}/"))


def saved(page: Page) -> None:
    """Every change is saved at once: wait until nothing is under way."""
    page.wait_for_timeout(600)
    page.wait_for_load_state("networkidle")


def download(page: Page, mode: str) -> str:
    """From the last step to the file, with the worker making it on the way."""
    page.get_by_role("radio", name=re.compile(mode, re.I)).check()
    page.locator("#download").click()
    page.wait_for_url(re.compile("/exports/"))
    button = page.get_by_role("button", name="Download falco_rules.local.yaml")
    button.wait_for()
    with page.expect_download() as taken:
        button.click()
    assert taken.value.suggested_filename == "falco_rules.local.yaml"
    return Path(taken.value.path()).read_text(encoding="utf-8")


def test_it_leads_from_the_technique_to_the_articles_rule(desk: Desk, tmp_path: Path):
    page = desk.page
    page.goto("/drafts/")
    page.get_by_role("link", name="New rule").first.click()
    page.wait_for_load_state()
    if page.get_by_role("button", name=re.compile("start|create", re.I)).count():
        page.get_by_role("button", name=re.compile("start|create", re.I)).first.click()
    page.wait_for_url(re.compile("/technique/"))
    page.get_by_label("Search", exact=True).last.fill("T1490")
    page.locator("#add-T1490").click()
    expect(page.locator("#stage")).to_contain_text("Primary")

    go(page, "behaviours")
    for behaviour in article.BEHAVIOURS:
        page.locator(f"#pick-{behaviour}").click()
        expect(page.locator(f"#pick-{behaviour}")).to_have_attribute("aria-pressed", "true")

    go(page, "condition")
    expect(page.locator("#condition")).to_contain_text("spawned_process")

    go(page, "exceptions")
    page.locator("#suggest-root_user").click()
    expect(page.locator(".card.exception")).to_have_count(1)

    go(page, "output")
    page.locator("#how-text").click()
    page.locator("#output-editor .cm-content").fill(article.OUTPUT)
    saved(page)

    go(page, "details")
    page.get_by_label("Name", exact=True).fill(article.NAME)
    page.get_by_label("Description").fill(article.DESC)
    page.locator("input[name=priority][value=CRITICAL]").check()
    page.locator("#id_tags").fill(", ".join(article.TAGS))
    saved(page)

    go(page, "check")
    expect(page.locator("#verdict-title").locator("xpath=..")).to_contain_text("Loads")
    events_fire_as_they_should(page)
    rule, macros = article.read(download(page, "standalone"))
    assert article.clauses(rule["condition"], macros) == article.expected(macros)
    assert article.silences_root(rule)
    assert (rule["rule"], rule["desc"].strip(), rule["output"]) == (article.NAME, article.DESC, article.OUTPUT)
    assert (rule["priority"], rule["tags"]) == ("CRITICAL", article.TAGS)
    assert desk.complaints == []


def events_fire_as_they_should(page: Page) -> None:
    """Nine attack events or more, one of each clause, all fire; the benign ones and root's do not."""
    rows = page.locator("#outcomes tbody tr")
    texts = rows.all_inner_texts()
    attacks = [text for text in texts if "fires" in text.split("\t")[-2]]
    benign = [text for text in texts if "silent" in text.split("\t")[-2]]
    assert len(attacks) >= 9
    assert all("fires" in text.split("\t")[-1] for text in attacks)
    assert benign
    assert all("silent" in text.split("\t")[-1] for text in benign), [t for t in benign if "fires" in t.split("\t")[-1]]
    alerts = " ".join(attacks)
    assert article.OUTPUT in alerts
    assert "Critical" in alerts


def test_it_hands_over_a_file_that_the_command_line_accepts(desk: Desk, tmp_path: Path):
    page = desk.page
    page.goto("/drafts/")
    page.get_by_role("link", name=article.NAME).first.click()
    go(page, "check")
    file = tmp_path / "falco_rules.local.yaml"
    file.write_text(download(page, "standalone"), encoding="utf-8")
    command = [sys.executable, "-m", "rules_export", "validate", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip() == f"{file}: Ok"
