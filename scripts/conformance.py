"""Run the engine against Falco's recorded answers, with the tool that comes with them.

They are not part of Mews: MEWS_SHARED names the folder that holds them, by default `shared` beside this checkout.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("MEWS_SHARED", ROOT.parent / "shared"))


def main(arguments: list[str]) -> int:
    tool = SHARED / "tools" / "conformance.py"
    if not tool.is_file():
        print(
            f"No recorded answers at {SHARED}. Set MEWS_SHARED to the folder that has tools/conformance.py.",
            file=sys.stderr,
        )
        return 2
    return subprocess.call([sys.executable, str(tool), "--python", sys.executable, *arguments], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
