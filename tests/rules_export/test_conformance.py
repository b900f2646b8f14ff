"""Our answers beside the real engine's, where its cases are at hand; never worse than at the last release."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("MEWS_SHARED", ROOT.parent / "shared"))
TOOL = SHARED / "tools" / "conformance.py"
FLOOR = json.loads((ROOT / "tests" / "conformance_floor.json").read_text())

pytestmark = pytest.mark.skipif(not TOOL.is_file(), reason="the real engine's cases are not here")


@pytest.mark.parametrize("suite", sorted({measure.split(":")[0] for measure in FLOOR}))
def test_it_agrees_with_falco_at_least_as_often_as_before(suite):
    done = subprocess.run(
        [sys.executable, str(TOOL), "--python", sys.executable, "--json", suite],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    measures = json.loads(done.stdout)["measures"]
    fallen = {
        name: (measures[name]["agree"], floor)
        for name, floor in FLOOR.items()
        if name.startswith(f"{suite}:") and measures[name]["agree"] < floor
    }
    assert not fallen, f"fewer cases agree (now, floor): {fallen}"
