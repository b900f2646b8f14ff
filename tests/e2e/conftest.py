"""The whole house as `make run` starts it, and a real browser in front of it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import CHROMIUM, PATIENCE, chromium

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "harrier over the marsh 7"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 700}


@dataclass(frozen=True)
class House:
    """A running studio: its address, and the link that makes the first administrator."""

    url: str
    setup_link: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder need a browser; those of one process share a house."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The supervisor with web server and worker on an empty database, stopped as Ctrl-C stops it."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    var, port = tmp_path_factory.mktemp("var"), free_port()
    env = {**os.environ, "VAR_DIR": str(var), "PORT": str(port), "HOST": "127.0.0.1", "DEBUG": "0"}
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE"):
        env.pop(name, None)
    log = var / "house.log"
    with log.open("wb") as out:
        command = [sys.executable, "-u", "-m", "studio.supervisor"]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield House(f"http://127.0.0.1:{port}", wait_for_link(process, log))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=120)


def wait_for_link(process: subprocess.Popen[bytes], log: Path) -> str:
    """The set-up link as printed; fails with the log where it does not come."""
    for _ in range(900):
        found = re.search(r"http://\S+/setup/\S+", log.read_text(errors="replace"))
        if found:
            return found.group(0)
        if process.poll() is not None:
            break
        time.sleep(0.2)
    pytest.fail(f"no set-up link was printed:\n{log.read_text(errors='replace')[-4000:]}")


@pytest.fixture(scope="session")
def browser(house: House) -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def signed_in_state(browser: Browser, house: House) -> dict[str, Any]:
    """Cookies of the first administrator, who signs up by the link as a person does."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    page.goto(house.setup_link)
    page.get_by_label("Your name").fill("Ada Harrier")
    page.get_by_label("Your e-mail address").fill("ada@example.org")
    page.get_by_label("Name of your team").fill("Blue team")
    for box in page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    page.get_by_role("button", name="Create and sign in").click()
    page.get_by_role("heading", name="Drafts").wait_for()
    state = context.storage_state()
    context.close()
    return dict(state)


class Desk:
    """One person at one browser window: opens pages, and collects what the browser complains of."""

    def __init__(self, browser: Browser, house: House, state: dict[str, Any], **options: Any) -> None:
        settings = {"viewport": WIDE, **options}
        self.context = browser.new_context(base_url=house.url, storage_state=state, **settings)  # type: ignore[arg-type]
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self._hear(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", lambda answer: self._watch(answer.status, answer.url))

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def _watch(self, status: int, url: str) -> None:
        if status >= 400:
            self.complaints.append(f"{status} {url}")


@pytest.fixture
def desk(browser: Browser, house: House, signed_in_state: dict[str, Any]) -> Iterator[Desk]:
    made = Desk(browser, house, signed_in_state)
    yield made
    made.context.close()


@pytest.fixture
def plain_desk(browser: Browser, house: House, signed_in_state: dict[str, Any]) -> Iterator[Desk]:
    """A browser without JavaScript."""
    made = Desk(browser, house, signed_in_state, java_script_enabled=False)
    yield made
    made.context.close()
