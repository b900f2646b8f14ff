"""Bytes by their digest: written once, under a name that says what is in them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.conf import settings

from rules_export.archives.packing import sha256
from studio.claims import claimed

__all__ = ["GIVEN_UP", "MAKING", "MOST_ATTEMPTS", "claimed", "get", "path_of", "put", "put_written", "write"]

#: How the names of files begin that are not whole yet; a killed process leaves them behind.
MAKING = ".making-"
#: How often a worker may die over one piece of work before it is given up.
MOST_ATTEMPTS = 10
GIVEN_UP = f"The worker died {MOST_ATTEMPTS} times over this. It is in the server's log; try again."


def path_of(digest: str) -> Path:
    """Where the bytes of this digest lie, or would lie."""
    return Path(settings.VAR_DIR, "releases", digest[:2], digest)


def put(data: bytes) -> str:
    """Keep the bytes and give their digest. Keeping them again costs a look; damaged bytes are replaced."""
    digest = sha256(data)
    path = path_of(digest)
    if not (path.is_file() and path.read_bytes() == data):
        write(path, data)
    return digest


def put_written(fill: Callable[[IO[bytes]], None]) -> tuple[str, int]:
    """Keep what `fill` writes into a file, without having it in memory. Gives digest and size."""
    folder = Path(settings.VAR_DIR, "releases")
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=MAKING)
    try:
        with os.fdopen(handle, "w+b") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        path_of(digest).parent.mkdir(exist_ok=True)
        os.replace(name, path_of(digest))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest, size


def get(digest: str) -> bytes:
    """The bytes of this digest. Raises FileNotFoundError, and ValueError where the disk gives others."""
    data = path_of(digest).read_bytes()
    if sha256(data) != digest:
        raise ValueError(f"The file {digest} was changed on the disk.")
    return data


def write(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write beside and rename, so that nobody ever reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=MAKING)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
