"""A Chromium for stories that need one, and what every page is held to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: How long a busy machine may take to show what is expected, in milliseconds.
PATIENCE = 30_000
#: The Playwright that this process has open.
_running: list[Playwright] = []
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in this thread
    expect.set_options(timeout=PATIENCE)
    if _running:  # a fixture of the session holds one open; a thread has one Playwright
        browser = _running[-1].chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
        return
    with sync_playwright() as playwright:
        _running.append(playwright)
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            yield browser
            browser.close()
        finally:
            _running.pop()


def complaints(page: Page, only: str = "") -> list[str]:
    """What axe finds wrong with the page as it is now; `only` names one of its rules."""
    options = {"resultTypes": ["violations"], **({"runOnly": [only]} if only else {})}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:160]} {node['any'][:1]}" for one in found for node in one["nodes"]]


def complaints_in_both_schemes(page: Page) -> list[str]:
    """What axe finds wrong in the light; in the dark, where the page is opened anew, only colours differ."""
    found = complaints(page)
    page.emulate_media(color_scheme="dark")
    page.reload()
    found += [f"in the dark: {one}" for one in complaints(page, only="color-contrast")]
    page.emulate_media(color_scheme="light")
    return found


def overflows(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
