"""Archives as values: the same members give the same bytes on any machine and any day.

Members are sorted, times are fixed, nobody owns anything, and nothing is compressed: deflate's output differs between
builds of zlib, stored blocks do not. Rules are small; whoever sends them far compresses on the way.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from rules_export.errors import EmitError

#: The earliest moment that a zip file can tell.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
#: What fits one stored block of deflate.
_BLOCK = 0xFFFF
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # deflate, no flags, no time, unknown system
_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file: a relative path with `/` between plain names, its bytes, and whether it may be run."""

    path: str
    data: bytes
    executable: bool = False

    @property
    def mode(self) -> int:
        """Permission bits."""
        return 0o755 if self.executable else 0o644

    @property
    def sha256(self) -> str:
        """Digest of the bytes, in hexadecimal."""
        return sha256(self.data)


def sha256(data: bytes) -> str:
    """The digest, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sorted_entries(entries: Iterable[Entry]) -> list[Entry]:
    """The entries by path. Raises EmitError for a path that is not plain, and for one that comes twice."""
    found = sorted(entries, key=lambda entry: entry.path)
    for entry in found:
        if len(entry.path) > 200 or not all(map(_SEGMENT.fullmatch, entry.path.split("/"))):
            raise EmitError(f"{entry.path!r} is no name for a file of an archive: letters, digits, . _ and - only.")
    seen: set[str] = set()
    for entry in found:
        if entry.path.lower() in seen:  # some systems do not tell A from a
            raise EmitError(f"Two files of the archive are named {entry.path}.")
        seen.add(entry.path.lower())
    return found


def zip_bytes(entries: Iterable[Entry]) -> bytes:
    """A zip file. Raises EmitError for names that cannot stand in it."""
    buffer = io.BytesIO()
    write_zip(entries, buffer)
    return buffer.getvalue()


def write_zip(entries: Iterable[Entry], out: IO[bytes]) -> None:
    """The same into a file, so that it need not fit into memory."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for entry in sorted_entries(entries):
            info = zipfile.ZipInfo(entry.path, ZIP_TIME)
            info.create_system = 3  # Unix, wherever this runs
            info.external_attr = (0o100000 | entry.mode) << 16
            file.writestr(info, entry.data)


def tar_bytes(entries: Iterable[Entry]) -> bytes:
    """A tar file (ustar). Raises EmitError for names that cannot stand in it."""
    buffer = io.BytesIO()
    _write_tar(entries, buffer)
    return buffer.getvalue()


def tar_gz(entries: Iterable[Entry]) -> bytes:
    """A tar file in a gzip shell. Raises EmitError for names that cannot stand in it."""
    buffer = io.BytesIO()
    write_tar_gz(entries, buffer)
    return buffer.getvalue()


def write_tar_gz(entries: Iterable[Entry], out: IO[bytes]) -> None:
    """The same into a file, so that it need not fit into memory."""
    shell = _Stored(out)
    _write_tar(entries, shell)
    shell.finish()


def _write_tar(entries: Iterable[Entry], out: IO[bytes] | _Stored) -> None:
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as file:  # type: ignore[call-overload]
        for entry in sorted_entries(entries):
            info = tarfile.TarInfo(entry.path)
            info.size, info.mode = len(entry.data), entry.mode
            file.addfile(info, io.BytesIO(entry.data))


def gzip_stored(data: bytes) -> bytes:
    """A gzip stream of stored blocks: every reader takes it, and it depends on no library's build."""
    buffer = io.BytesIO()
    shell = _Stored(buffer)
    shell.write(data)
    shell.finish()
    return buffer.getvalue()


class _Stored:
    """A gzip stream of stored blocks, written piece by piece."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out, self.waiting, self.size, self.sum = out, bytearray(), 0, 0
        out.write(_GZIP_HEAD)

    def write(self, data: bytes) -> int:
        """Take more data; whole blocks go out, but for the last."""
        self.size, self.sum = self.size + len(data), zlib.crc32(data, self.sum)
        self.waiting += data
        start = 0
        while len(self.waiting) - start > _BLOCK:
            self._block(bytes(self.waiting[start : start + _BLOCK]), last=False)
            start += _BLOCK
        del self.waiting[:start]
        return len(data)

    def tell(self) -> int:
        """How much was taken, as tarfile asks."""
        return self.size

    def finish(self) -> None:
        """Write the last block and the end."""
        self._block(bytes(self.waiting), last=True)
        self.out.write(struct.pack("<II", self.sum, self.size & 0xFFFFFFFF))

    def _block(self, data: bytes, last: bool) -> None:
        self.out.write(struct.pack("<BHH", int(last), len(data), len(data) ^ 0xFFFF) + data)
