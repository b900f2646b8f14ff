"""Write requirements/*.txt anew: exact versions with hashes, and no addresses of registries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "requirements"
OPTIONS = [
    "--generate-hashes",
    "--strip-extras",
    "--allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-header",
    "--quiet",
]

for name in ("runtime", "dev", "node"):
    print(f"Locking {name}.txt …", flush=True)
    command = [sys.executable, "-m", "piptools", "compile", *OPTIONS, *sys.argv[1:], "-o", f"{name}.txt", f"{name}.in"]
    subprocess.run(command, cwd=HERE, check=True)
