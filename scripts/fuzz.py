"""Throw damaged and hostile rules files at the loader: `python scripts/fuzz.py N [SEED]`.

Prints what went wrong (a crash, more than a second, more than 300 MB) and ends with 1 if anything did.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rules_export.verdict import as_json, validate
from tests.rules_export.ruleset.mutations import mutant
from tests.rules_export.verdict.test_hostile_files import BOMBS

SLOW = 1.0
LARGE_MB = 300


def trouble(files: list[tuple[str, str | bytes]]) -> str:
    """What went wrong with these files, "" for nothing."""
    begun = time.process_time()
    try:
        verdict = validate(files)
        report = as_json(verdict)
    except Exception as error:
        return f"crash: {error!r}"
    took = time.process_time() - begun
    if took > SLOW:
        return f"slow: {took:.1f} s"
    if verdict.fatal is None and len(verdict.results) != len(files):
        return "no answer"
    return "" if report else "no report"


def main(count: int, seed: int) -> int:
    """Run the bombs and `count` mutants; returns how many made trouble."""
    chance, bad, worst = random.Random(seed), 0, 0.0  # noqa: S311 (damage, not secrets)
    for name, content in BOMBS.items():
        found = trouble([("bomb.yaml", content)])
        if found:
            bad += 1
            print(f"{name}: {found}")
    for number in range(count):
        files: list[tuple[str, str | bytes]] = [("a.yaml", mutant(chance))]
        if chance.random() < 0.2:
            files.append(("b.yaml", mutant(chance)))
        begun = time.process_time()
        found = trouble(files)
        worst = max(worst, time.process_time() - begun)
        if found:
            bad += 1
            print(f"mutant {number} of seed {seed}: {found}\n{files!r}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if peak > LARGE_MB:
        bad += 1
        print(f"large: {peak} MB")
    print(f"{count} mutants and {len(BOMBS)} bombs: {bad} made trouble; slowest mutant {worst:.2f} s, peak {peak} MB")
    return bad


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    raise SystemExit(min(1, main(numbers[0] if numbers else 1000, numbers[1] if len(numbers) > 1 else 1)))
