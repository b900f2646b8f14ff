"""Every check that needs no running Mews; goes on after a failure, and says at the end what failed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))

CHECKS: dict[str, list[str]] = {
    "style": ["ruff", "check", "--quiet"],
    "format": ["ruff", "format", "--check", "--quiet"],
    "types": ["mypy"],
    "imports": ["lint-imports", "--no-cache"],
    "templates": ["djade", "--target-version", "5.2", "--check", *TEMPLATES],
    "dependencies": ["deptry", "."],
    "facts": ["python", "scripts/falco_facts.py", "--check"],
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run", "-v0"],
    "django": ["python", "manage.py", "check", "--fail-level", "WARNING"],
}


def main(wanted: list[str]) -> int:
    failed = []
    for name, (program, *arguments) in CHECKS.items():
        if wanted and name not in wanted:
            continue
        began = time.perf_counter()
        done = subprocess.run([str(BIN / program), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({time.perf_counter() - began:.1f} s)", flush=True)
        if done.returncode:
            failed.append(name)
            print((done.stdout + done.stderr).rstrip())
    if failed:
        print(f"Failed: {', '.join(failed)}. One alone: python scripts/check.py {failed[0]}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
