"""Archives of others, read with care: nothing is written anywhere, and nothing can be larger than it may be."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from rules_export.emit.errors import EmitError

MAX_FILES = 10_000
MAX_TOTAL = 256 * 1024 * 1024
_CHUNK = 1024 * 1024
#: What the libraries raise for bytes that are no archive, or one of a kind that they cannot read.
_UNREADABLE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, RuntimeError)


def unpacked(data: bytes, files: int = MAX_FILES, total: int = MAX_TOTAL) -> dict[str, bytes]:
    """Path → bytes of a zip, tar or tar.gz.

    Raises EmitError for what is none of them, for paths that lead out of the archive, for links and devices, for names
    that come twice, and for archives of more than `files` entries or `total` bytes unpacked.
    """
    try:
        members = _zip(data, files, total) if data[:4] == b"PK\x03\x04" else _tar(data, files, total)
        return _gathered(members)
    except EmitError:
        raise
    except _UNREADABLE as error:
        raise EmitError(f"This is no zip, tar or tar.gz that can be read: {error}.") from error


def _gathered(members: Iterator[tuple[str, bytes]]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path, data in members:
        if path in found:
            raise EmitError(f"The archive holds {path} twice.")
        found[path] = data
    return found


def _zip(data: bytes, files: int, total: int) -> Iterator[tuple[str, bytes]]:
    left = total
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for number, info in enumerate(file.infolist()):
            _count(number, files)
            if info.is_dir():
                continue
            _refuse(info.filename, (info.external_attr >> 16) & 0o170000 not in (0, 0o100000))
            with file.open(info) as source:
                content = _read(source, left, total, info.filename)
            left -= len(content)
            yield info.filename, content


def _tar(data: bytes, files: int, total: int) -> Iterator[tuple[str, bytes]]:
    left = total
    mode = "r|gz" if data[:2] == b"\x1f\x8b" else "r|"
    with tarfile.open(fileobj=io.BytesIO(data), mode=mode) as file:  # type: ignore[call-overload]
        for number, info in enumerate(file):
            _count(number, files)
            if info.size > left:
                raise _too_large(info.name, total)
            if info.isdir():
                continue
            _refuse(info.name, not info.isreg())
            source = file.extractfile(info)
            content = _read(source, left, total, info.name) if source else b""
            left -= len(content)
            yield info.name, content


def _count(number: int, files: int) -> None:
    if number >= files:
        raise EmitError(f"The archive holds more than {files:,} files.")


def _refuse(path: str, strange: bool) -> None:
    if strange:
        raise EmitError(f"{path} in the archive is no plain file (a link or a device).")
    parts = path.replace("\\", "/").split("/")
    if path.startswith("/") or ":" in parts[0] or not all(parts) or any(part in (".", "..") for part in parts):
        raise EmitError(f"{path!r} in the archive leads out of it, or is no plain path.")


def _read(source: IO[bytes], most: int, total: int, path: str) -> bytes:
    """The bytes, read in pieces, so that a bomb is seen before it is whole."""
    parts, size = [], 0
    while piece := source.read(_CHUNK):
        size += len(piece)
        if size > most:
            raise _too_large(path, total)
        parts.append(piece)
    return b"".join(parts)


def _too_large(path: str, total: int) -> EmitError:
    return EmitError(f"The archive is too large: {path} goes beyond {total // 1024**2} MiB.")
