"""Make the virtual environment. Runs on the machine's own Python, so it uses the standard library only."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

NEEDED = (3, 11)
NO_PIP = """\
This Python cannot make a virtual environment with pip in it: the module ensurepip is missing.
On Debian and Ubuntu it comes in a package of its own. Install it and run make again:

    sudo apt-get install python3-venv
"""


def main(place: str) -> int:
    if sys.version_info < NEEDED:
        found = ".".join(map(str, sys.version_info[:3]))
        print(
            f"Mews needs Python 3.11 or newer; this is {found}. Name another: make PYTHON=python3.12 run",
            file=sys.stderr,
        )
        return 1
    print(f"Making the virtual environment {place} …", flush=True)
    if importlib.util.find_spec("ensurepip"):
        return subprocess.call([sys.executable, "-m", "venv", place])
    if importlib.util.find_spec("pip"):  # python3-pip without python3-venv: pip can put itself into the new place
        made = subprocess.call([sys.executable, "-m", "venv", "--without-pip", place])
        return made or subprocess.call(
            [sys.executable, "-m", "pip", "--python", f"{place}/bin/python", "install", "-q", "pip"]
        )
    print(NO_PIP, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
