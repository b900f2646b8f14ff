"""Bytes by their digest: written once, under a name that says what is in them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.conf import settings

from rules_export.emit.archive import sha256


def path_of(digest: str) -> Path:
    """Where the bytes of this digest lie, or would lie."""
    return Path(settings.VAR_DIR, "releases", digest[:2], digest)


def put(data: bytes) -> str:
    """Keep the bytes and give their digest. Keeping them again costs a look."""
    digest = sha256(data)
    if not path_of(digest).is_file():
        write(path_of(digest), data)
    return digest


def get(digest: str) -> bytes:
    """The bytes of this digest. Raises FileNotFoundError, and ValueError where the disk gives others."""
    data = path_of(digest).read_bytes()
    if sha256(data) != digest:
        raise ValueError(f"The file {digest} was changed on the disk.")
    return data


def write(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write beside and rename, so that nobody ever reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".making-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        os.fchmod(file.fileno(), mode)
    os.replace(name, path)
