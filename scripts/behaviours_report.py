"""Write docs/behaviours.md from the behaviour library, and print its main numbers.

usage: python scripts/behaviours_report.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from studio.behaviours import report  # noqa: E402


def main() -> None:
    """Write the page."""
    text = report.page()
    (ROOT / "docs" / "behaviours.md").write_text(text, "utf-8")
    print("\n".join(line.strip("| ") for line in text.splitlines()[7:17]))


if __name__ == "__main__":
    main()
