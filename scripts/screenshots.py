"""Pictures for the README and the documentation, taken from a running demo: docs/images/<page>-<light|dark>.png."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from house import ROOT, House, demo
from playwright.sync_api import Page, sync_playwright

IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1440, "height": 900}
TALL = {
    "wizard-check": 1500,
    "review-meaning": 1500,
}  # pages whose point lies below the first screen: the alerts that fired
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

PAGES = {
    "drafts": "/drafts/",
    "behaviours": "/behaviours/",
    "attack-matrix": "/attack/",
    "attack-technique": "/attack/techniques/T1490/",
    "reviews": "/reviews/?view=all",
    "rules": "/library/",
}
VIEWS = ("meaning", "yaml", "behaviour")
STEPS = ("behaviours", "condition", "exceptions", "output", "check")


def enter(page: Page, house: House) -> None:
    """Sign in by the link that the demo printed."""
    page.goto(house.enter)
    page.click("main button")
    page.wait_for_load_state("networkidle")


def first_address(page: Page, house: House, listed: str, pattern: str) -> str:
    """The first address of this pattern on the page of a list."""
    page.goto(f"{house.url}{listed}")
    addresses = page.locator("main a").evaluate_all("links => links.map(a => a.getAttribute('href') ?? '')")
    found = [match.group() for one in addresses if (match := re.match(pattern, one))]
    if not found:
        sys.exit(f"The demo shows nothing at {listed}: is a room's demo.py missing?")
    return found[0]


def take(page: Page, address: str, name: str) -> None:
    """Open the page and keep its first screen (or the first TALL pixels)."""
    page.set_viewport_size({**SIZE, "height": TALL.get(name.rsplit("-", 1)[0], SIZE["height"])})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    page.screenshot(path=IMAGES / f"{name}.png")
    print(Path("docs/images") / f"{name}.png", flush=True)


def main() -> int:
    if not CHROMIUM:
        print("Pictures need Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demo() as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        state = None
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport=SIZE, color_scheme=scheme, reduced_motion="reduce", storage_state=state
            )
            page = context.new_page()
            if state is None:
                enter(page, house)
            root = first_address(page, house, "/drafts/?q=recovery", r"/drafts/\d+/")
            wizard = {f"wizard-{step}": f"{root}{step}/" for step in STEPS}
            review = first_address(page, house, "/reviews/?view=all", r"/reviews/\d+/")
            views = {f"review-{view}": f"{review}?tab={view}" for view in VIEWS}
            for name, path in {**PAGES, **wizard, **views}.items():
                take(page, f"{house.url}{path}", f"{name}-{scheme}")
            state = context.storage_state()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
