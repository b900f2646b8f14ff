"""What every page is held to: no complaint of axe, no sideways scrolling, no word from the console, a strict policy."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import complaints_in_both_schemes, overflows
from tests.e2e.conftest import NARROW, WIDE, Desk, House
from tests.e2e.test_article import STEPS

PAGES = (
    "/coverage/",
    "/drafts/",
    "/drafts/new/",
    "/reviews/",
    "/library/",
    "/library/exceptions/",
    "/definitions/",
    "/definitions/new/",
    "/definitions/new/?copy=shell_binaries",
    "/definitions/library/spawned_process/",
    "/exports/",
    "/exports/new/",
    "/exports/packs/",
    "/exports/packs/new/",
    "/exports/keys/",
    "/exports/index/",
    "/lints/",
    "/lints/MEWS_DUPLICATE_CLAUSE/",
    "/lab/",
    "/lab/event/?type=connect",
    "/lab/runs/",
    "/lab/rules/?which=all",
    "/lab/captures/",
    "/behaviours/",
    "/behaviours/own/",
    "/behaviours/own/new/?copy=t1490-btrfs-delete",
    "/behaviours/own/import/",
    "/attack/",
    "/settings/",
    "/journal/",
    "/api/",
    "/api/tokens/",
    "/search/?q=recovery",
    "/no/such/page/",
)


def every_page(desk: Desk) -> list[str]:
    """The fixed pages, one technique, one behaviour, and each step of the newest draft."""
    page = desk.page
    page.goto("/attack/")
    technique = page.locator("a[href*='T1490']").first.get_attribute("href") or ""
    page.goto("/behaviours/")
    behaviour = page.locator("main a[href^='/behaviours/t']").first.get_attribute("href") or ""
    page.goto("/drafts/new/")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/drafts/\d+/technique/"))
    root = re.sub(r"https?://[^/]+|technique/$", "", page.url)
    page.goto("/exports/")
    run = page.locator("main table a").first
    runs = [run.get_attribute("href") or ""] if run.count() else []
    return [*PAGES, technique, behaviour, *runs, *(f"{root}{step}/" for step in STEPS)]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_is_in_order(browser: Browser, house: House, signed_in_state: dict[str, Any], size: dict[str, int]):
    desk = Desk(browser, house, signed_in_state, viewport=size, color_scheme="light", reduced_motion="reduce")
    wrong: dict[str, list[str]] = {}
    for address in every_page(desk):
        desk.complaints.clear()
        answer = desk.page.goto(address)
        assert answer is not None
        policy = answer.headers.get("content-security-policy", "")
        found = [one for one in desk.complaints if "/no/such/page/" not in one and "404 (Not Found)" not in one]
        found += complaints_in_both_schemes(desk.page)
        found += ["scrolls sideways"] if overflows(desk.page) else []
        found += [f"policy: {policy}"] if "unsafe" in policy or "default-src 'self'" not in policy else []
        if found:
            wrong[address] = found
    desk.context.close()
    assert not wrong, "\n".join(f"{address}: {said}" for address, found in wrong.items() for said in found)
