"""Install a locked list of packages into this virtual environment; each file must have a hash of the list."""

from __future__ import annotations

import subprocess
import sys

FAILED = """
The packages in {list} could not be installed (pip's words are above). Usual causes: no network, a proxy that is not set
(HTTPS_PROXY), or an index that does not offer the locked versions. Fix it and run make again.
"""


def main(requirements: str) -> int:
    print(f"Installing {requirements} …", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    code = subprocess.call([*pip, "--require-hashes", "-r", requirements])
    if code:
        print(FAILED.format(list=requirements), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
