"""What the settings need from the machine: a place to write, a secret, a database address."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

# Writers queue instead of failing: WAL lets readers go on, IMMEDIATE takes the write lock at BEGIN, the timeout waits.
SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


def private_directory(path: Path) -> Path:
    """Make the directory (and parents), readable by its owner only, and give it back."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def kept_secret(path: Path) -> str:
    """Read the secret kept in `path`; when there is none, make one of 64 random bytes with mode 0600.

    Two processes may start at once: the file appears under its name only when complete (link fails if it exists).
    """
    if not path.exists():
        private_directory(path.parent)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # the other process was quicker; its secret is the one
        finally:
            draft.unlink()
    return path.read_text().strip()


def database(config: dict[str, Any]) -> dict[str, Any]:
    """Complete a database configuration (as dj-database-url reads it) with what its engine needs to be safe here."""
    if config["ENGINE"].endswith("sqlite3"):
        config.setdefault("OPTIONS", {}).update(SQLITE_OPTIONS)
    else:
        config.setdefault("CONN_MAX_AGE", 60)
        config["CONN_HEALTH_CHECKS"] = True
    return config
