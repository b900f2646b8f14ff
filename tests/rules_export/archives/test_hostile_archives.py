"""Archives made to hurt: refused clearly, soon and in little memory. `scripts/fuzz.py N` runs more of them."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from rules_export.archives.unpacking import unpacked
from rules_export.errors import EmitError
from tests.rules_export.archives.hostile_archives import BOMBS, RULES, mutant, tarred

#: What an import allows (studio.library.reading_files).
FILES, TOTAL = 2_000, 20 * 1024 * 1024

MEASURE = """
import resource, sys
from rules_export.errors import EmitError
from rules_export.archives.unpacking import unpacked
data = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    unpacked(data, 2_000, 20 * 1024 * 1024)
except EmitError as error:
    words = str(error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, words)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_it_refuses_a_bomb_with_a_reason_and_soon(name):
    make, words = BOMBS[name]
    data = make()
    begun = time.process_time()
    with pytest.raises(EmitError, match=words):
        unpacked(data, FILES, TOTAL)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("name", ["pax header of 300 MB", "long name of 100 MB", "overlapping zip", "LZMA zip"])
def test_a_bomb_takes_little_memory(name):
    """In a process of its own, which may have 1 GB of addresses in all; its peak grows by less than 100 MB."""
    make, words = BOMBS[name]
    found = subprocess.run(
        [sys.executable, "-c", MEASURE], input=make(), capture_output=True, check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)),
    )  # fmt: skip
    grown, said = found.stdout.decode().split(" ", 1)
    assert words in said
    assert int(grown) < 100 * 1024


def test_a_tar_with_ordinary_pax_headers_is_read():
    assert unpacked(tarred(headers={"comment": "ü" * 1000, "mtime": "1.5"})) == {"a.yaml": RULES}
    assert list(unpacked(tarred(name="d/" * 120 + "a.yaml"))) == ["d/" * 120 + "a.yaml"]


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_archive_is_read_or_refused(seed):
    chance = random.Random(seed)
    refused = 0
    for _ in range(300):
        data = mutant(chance)
        with suppress(EmitError):
            unpacked(data, FILES, TOTAL)
            continue
        refused += 1
    assert refused > 100
