"""Measure what the ATT&CK room promises: loading the embedded release, searching, drawing the matrix.

    python scripts/bench_attack.py [--source FILE]

Works in a database of its own, made for the run: SQLite, or an empty one that DATABASE_URL names. Times are server
times of whole requests (middleware, queries, template) by a signed-in person, without the network.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 15
LOAD_LIMIT_MS, SEARCH_LIMIT_MS, MATRIX_LIMIT_MS, PAGE_LIMIT_MS = 10_000, 50, 200, 200
SEARCHES = (
    "T1490",
    "T1059",
    "shell",
    "boot loader",
    "adversaries may",
    "delete backup snapshots",
    "e",
    "nothing has this",
)


def main() -> int:
    """Print a line for each promise; 1 when one is broken."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--source", default="embedded", help="an official bundle, to measure with full descriptions")
    source = options.parse_args().source
    with tempfile.TemporaryDirectory(prefix="mews-bench-") as folder:
        os.environ.update(VAR_DIR=folder, LOG_LEVEL="ERROR")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
        sys.path.insert(0, str(ROOT))
        return _measure(source)


def _measure(source: str) -> int:
    import django

    started = time.perf_counter()
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    fresh = time.perf_counter()
    from studio.attack import services

    catalogue = services.sync(source).catalogue
    print(f"{catalogue} from {catalogue.origin}; set-up before it {fresh - started:.1f} s")
    good = [_line("first load", [(time.perf_counter() - fresh) * 1000], LOAD_LIMIT_MS)]
    get = _client()
    for text in SEARCHES:
        times = _times(lambda text=text: get("/attack/techniques/", {"q": text, "platform": "all"}))
        good.append(_line(f"search {text!r}", times, SEARCH_LIMIT_MS))
    for name, query in (
        ("Linux and Containers", {}),
        ("all platforms", {"platform": "all"}),
        ("search", {"q": "shell"}),
    ):
        good.append(_line(f"matrix, {name}", _times(lambda query=query: get("/attack/", query)), MATRIX_LIMIT_MS))
    for attack_id in ("T1490", "T1059", "T1105"):
        times = _times(lambda attack_id=attack_id: get(f"/attack/techniques/{attack_id}/", {}))
        good.append(_line(f"technique {attack_id}", times, PAGE_LIMIT_MS))
    return 0 if all(good) else 1


def _client() -> Callable[[str, dict[str, str]], None]:
    from django.test import Client

    from studio.accounts.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_user("bench@bench.example", "Bench", "a bench by the river"))

    def get(address: str, query: dict[str, str]) -> None:
        response = client.get(address, query)
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}")

    return get


def _times(act: Callable[[], None]) -> list[float]:
    act()
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        act()
        times.append((time.perf_counter() - started) * 1000)
    return times


def _line(what: str, times: list[float], limit: float) -> bool:
    good = statistics.median(times) <= limit
    verdict = "ok" if good else "TOO SLOW"
    middle, worst = statistics.median(times), max(times)
    print(f"{what:32} median {middle:8.1f} ms  worst {worst:8.1f} ms  limit {limit:6} ms  {verdict}")
    return good


if __name__ == "__main__":
    raise SystemExit(main())
