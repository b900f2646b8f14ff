"""Measure what the ATT&CK room promises: loading the embedded release, searching, drawing the matrix.

    python scripts/bench_attack.py [--source FILE]

Works in a database of its own, made for the run: SQLite, or an empty one that DATABASE_URL names. Times are server
times of whole requests (middleware, queries, template) by a signed-in person, without the network.
"""

from __future__ import annotations

import argparse
import sys
import time

from benching import author, kept, seconds, studio, times

ROUNDS = 15
LOAD_MS, SEARCH_MS, MATRIX_MS, PAGE_MS = 10_000.0, 50.0, 200.0, 200.0
MATRICES = {"Linux and Containers": {}, "all platforms": {"platform": "all"}, "search": {"q": "shell"}}
TECHNIQUES = ("T1490", "T1059", "T1105")
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
    began = time.perf_counter()
    with studio(own_database=False):
        print(f"set-up before it {time.perf_counter() - began:.1f} s")
        good = [_loaded(source)]
        reader = author()
        asked = {f"search {text!r}": ("techniques/", {"q": text, "platform": "all"}, SEARCH_MS) for text in SEARCHES}
        asked |= {f"matrix, {name}": ("", query, MATRIX_MS) for name, query in MATRICES.items()}
        asked |= {f"technique {one}": (f"techniques/{one}/", {}, PAGE_MS) for one in TECHNIQUES}
        for what, (path, query, limit) in asked.items():
            took = times(lambda n, path=path, query=query: reader.get(f"/attack/{path}", query), ROUNDS)
            good.append(kept(what, took, limit))
    return int(not all(good))


def _loaded(source: str) -> bool:
    """Load ATT&CK for the first time."""
    from studio.attack import services

    found = []
    took = seconds(lambda: found.append(services.sync(source).catalogue))
    print(f"{found[0]} from {found[0].origin}")
    return kept("first load", [1000 * took], LOAD_MS)


if __name__ == "__main__":
    sys.exit(main())
