"""Throw damaged and hostile rules files at the loader, and archives at the import: `python scripts/fuzz.py N [SEED]`.

Prints what went wrong (a crash, more than a second, more than 300 MB) and ends with 1 if anything did.
"""

from __future__ import annotations

import itertools
import random
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rules_export.archives.unpacking import unpacked
from rules_export.errors import EmitError
from rules_export.verdict import as_json, validate
from tests.rules_export.archives import hostile_archives
from tests.rules_export.verdict.test_hostile_files import BOMBS
from tests.rules_export.yamlcpp.mutations import mutant

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


def archive_trouble(data: bytes) -> str:
    """What went wrong with this archive, "" where it was read or refused."""
    begun = time.process_time()
    try:
        unpacked(data, 2_000, 20 * 1024 * 1024)
    except EmitError:
        pass
    except Exception as error:
        return f"crash: {error!r}"
    took = time.process_time() - begun
    return f"slow: {took:.1f} s" if took > SLOW else ""


def archives(count: int, chance: random.Random) -> int:
    """Run the hostile archives and `count` damaged ones; returns how many made trouble."""
    bad = 0
    bombs = ((name, make) for name, (make, _) in hostile_archives.BOMBS.items() if " MB" not in name)
    damaged = ((f"archive {number}", lambda: hostile_archives.mutant(chance)) for number in range(count))
    for name, make in itertools.chain(bombs, damaged):
        data = make()
        if found := archive_trouble(data):
            bad += 1
            print(f"{name}: {found}\n{data[:2000]!r}")
    return bad


def main(count: int, seed: int) -> int:
    """Run the bombs, `count` mutants and as many archives; returns how many made trouble."""
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
    bad += archives(count, chance)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if peak > LARGE_MB:
        bad += 1
        print(f"large: {peak} MB")
    tried = f"{count} mutants, {count} archives and {len(BOMBS)} bombs"
    print(f"{tried}: {bad} made trouble; slowest mutant {worst:.2f} s, peak {peak} MB")
    return bad


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    raise SystemExit(min(1, main(numbers[0] if numbers else 1000, numbers[1] if len(numbers) > 1 else 1)))
