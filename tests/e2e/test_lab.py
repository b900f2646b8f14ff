"""The lab in a browser: why not on a near miss, a file with its progress, a pasted command, a hand-in that waits."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import complaints
from tests.e2e.conftest import Desk

RM = {"evt.type": "execve", "evt.rawres": 0, "evt.failed": False, "proc.name": "rm", "proc.cmdline": "rm -rf /backup"}


def test_it_says_in_place_why_a_near_miss_stays_silent(desk: Desk):
    page = desk.page
    page.goto("/lab/?example=condition")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="1 of 2 events fired")).to_be_visible()
    page.get_by_role("button", name="Why not? rmdir /backup/monday").click()
    expect(page.get_by_text("proc.name is rmdir, not rm")).to_be_visible()
    assert complaints(page) == []
    assert desk.complaints == []


def test_it_sends_a_file_and_tells_how_far_it_is(desk: Desk, tmp_path: Path):
    file = tmp_path / "day.jsonl"
    lines = [json.dumps({**RM, "proc.name": "rm" if number % 10 else "ls"}) for number in range(3000)]
    file.write_text("\n".join([*lines, "no event"]))
    page = desk.page
    page.goto("/lab/runs/")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_label("Or a condition").fill("spawned_process and proc.name = rm")
    page.get_by_role("button", name="Upload and try").click()
    page.wait_for_url(re.compile(r"/lab/runs/[0-9a-f-]+/"))
    expect(page.get_by_role("heading", name="2,700 of 3,000 events fire")).to_be_visible()
    expect(page.get_by_text("Line 3,001: This is not JSON")).to_be_visible()
    assert complaints(page) == []
    assert desk.complaints == []


def test_it_proposes_clauses_for_a_command_that_the_library_does_not_know(desk: Desk):
    page = desk.page
    page.goto("/behaviours/describe/")
    page.get_by_role("textbox").last.fill("sudo sh -c 'oddtool --wipe /srv/data > /etc/odd.conf'")
    page.get_by_role("button", name="Propose clauses").click()
    proposals = page.locator("#behaviours-proposals")
    expect(proposals).to_contain_text("proc.name = oddtool")  # the library is read once
    expect(proposals).to_contain_text("/etc/odd.conf")
    assert complaints(page) == []
    assert desk.complaints == []


def test_a_rule_without_proof_waits_at_the_check_with_a_way_on(desk: Desk):
    page = desk.page
    page.goto("/drafts/new/?technique=T1490")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/behaviours/"))
    page.goto(page.url.replace("/behaviours/", "/condition/?view=text"))
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/condition/" in answer.url):
        page.locator("#condition-editor .cm-content").fill("spawned_process and proc.name = oddtool")
    page.wait_for_load_state("networkidle")
    page.goto(re.sub(r"/condition/.*", "/check/", page.url))
    expect(page.get_by_text("No attack event yet")).to_be_visible()
    expect(page.locator("#hand-in")).to_have_count(0)
    page.locator("#add-proof").click()
    expect(page.get_by_role("heading", name="Sample events")).to_be_visible()
