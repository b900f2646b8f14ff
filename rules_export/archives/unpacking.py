"""Archives from outside, read with care: nothing is written anywhere, and nothing can be larger than it may be."""

from __future__ import annotations

import gzip
import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from rules_export.errors import EmitError

MAX_FILES = 10_000
MAX_TOTAL = 256 * 1024 * 1024
#: Bytes of one extended header of a tar (pax records, a long name), and of all of them together.
MAX_HEADER, MAX_HEADERS = 64 * 1024, 4 * 1024 * 1024
#: Bytes of headers and padding that an ordinary tar spends on each file.
_TAR_OVERHEAD = 2048
_CHUNK = 1024 * 1024
_ZIP_HEADER = 30
_DIGITS = re.compile(rb"\d{100}")
_METHODS = {zipfile.ZIP_BZIP2: "bzip2", zipfile.ZIP_LZMA: "LZMA", 9: "Deflate64", 93: "Zstandard", 95: "XZ"}
_EXTENDED = frozenset(
    {
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
    }
)
#: What the libraries raise for bytes that are no archive, or one of a kind that they cannot read.
_UNREADABLE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    RuntimeError, ArithmeticError, LookupError,
)  # fmt: skip


def unpacked(data: bytes, files: int = MAX_FILES, total: int = MAX_TOTAL) -> dict[str, bytes]:
    """Path → bytes of a zip, tar or tar.gz.

    Raises EmitError for anything else; for paths that lead out of the archive, links and devices, duplicate names,
    encrypted files and files that are not stored or deflated; for zips whose files share bytes; and for archives of
    more than `files` entries, `total` bytes unpacked or oversized headers.
    """
    try:
        members = _zip(data, files, total) if data[:4] == b"PK\x03\x04" else _tar(data, files, total)
        return _gathered(members)
    except EmitError:
        raise
    except _UNREADABLE as error:
        raise EmitError(f"This is no zip, tar or tar.gz that can be read: {error}.") from error


def _gathered(members: Iterator[tuple[str, bytes]]) -> dict[str, bytes]:
    gathered: dict[str, bytes] = {}
    for path, data in members:
        if path in gathered:
            raise EmitError(f"The archive holds {path} twice.")
        gathered[path] = data
    return gathered


def _zip(data: bytes, files: int, total: int) -> Iterator[tuple[str, bytes]]:
    left = total
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        _count(len(file.infolist()) - 1, files)
        _refuse_overlaps(file.infolist())
        for info in file.infolist():
            if info.is_dir():
                continue
            _refuse(info.filename, (info.external_attr >> 16) & 0o170000 not in (0, 0o100000))
            _refuse_method(info)
            with file.open(info) as source:
                content = _read(source, left, total, info.filename)
            left -= len(content)
            yield info.filename, content


def _refuse_overlaps(members: list[zipfile.ZipInfo]) -> None:
    """A zip bomb of the quiet kind: many names for the same compressed bytes."""
    end = 0
    for info in sorted(members, key=lambda member: member.header_offset):
        if info.header_offset < end:
            raise EmitError(f"{info.filename!r} in the archive shares its bytes with another file.")
        end = info.header_offset + _ZIP_HEADER + info.compress_size


def _refuse_method(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 0x1:
        raise EmitError(f"{info.filename} in the archive is encrypted. Create the archive without a password.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        method = _METHODS.get(info.compress_type, f"method {info.compress_type}")
        raise EmitError(
            f"{info.filename} in the archive is compressed with {method}. Create the zip with the usual Deflate method."
        )


def _tar(data: bytes, files: int, total: int) -> Iterator[tuple[str, bytes]]:
    left = total
    most = total + files * _TAR_OVERHEAD + MAX_HEADERS
    plain = _decompressed(data, most, total) if data[:2] == b"\x1f\x8b" else data
    with _Tar.open(fileobj=io.BytesIO(plain), mode="r:", tarinfo=_Member) as file:
        for number, info in enumerate(file):
            _count(number, files)
            if info.size > left:
                raise _too_large(info.name, total)
            if info.isdir():
                continue
            _refuse(info.name, not info.isreg())
            member = file.extractfile(info)
            content = _read(member, left, total, info.name) if member else b""
            left -= len(content)
            yield info.name, content


def _decompressed(data: bytes, most: int, total: int) -> bytes:
    """The bytes of a gzip stream, read in pieces, so that a bomb is never unpacked."""
    plain = bytearray()
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as source:
        while piece := source.read(_CHUNK):
            plain += piece
            if len(plain) > most:
                raise _too_large("what it holds", total)
    return bytes(plain)


class _Tar(tarfile.TarFile):
    """A tar that counts the bytes of its extended headers."""

    headers = 0


class _Member(tarfile.TarInfo):
    """A header that is looked at before tarfile reads what it announces."""

    def _proc_member(self, tar: _Tar) -> tarfile.TarInfo:
        if self.size < 0:
            raise EmitError(f"{self.name!r} in the archive has a negative size.")
        if self.type == tarfile.GNUTYPE_SPARSE:
            raise _sparse(self.name)
        if self.type in _EXTENDED:
            tar.headers += self.size
            if self.size > MAX_HEADER or tar.headers > MAX_HEADERS:
                raise EmitError(
                    f"The header of a file in the archive is too large ({self.size:,} bytes): "
                    f"at most {MAX_HEADER // 1024} KiB are read, and {MAX_HEADERS // 1024**2} MiB of all headers."
                )
            self._refuse_digits(tar)
        member: tarfile.TarInfo = super()._proc_member(tar)  # type: ignore[misc] # a documented seam without types
        return member

    def _refuse_digits(self, tar: _Tar) -> None:
        """Some versions of tarfile search the header with a pattern that is quadratic in the digits of a row."""
        assert tar.fileobj is not None
        begin = tar.fileobj.tell()
        header = tar.fileobj.read(self.size)
        tar.fileobj.seek(begin)
        if _DIGITS.search(header):
            raise EmitError("A header of a file in the archive is malformed: it holds a number of 100 digits or more.")

    def _proc_gnusparse(self, following: tarfile.TarInfo, *_: Any) -> None:
        raise _sparse(following.name)

    _proc_gnusparse_00 = _proc_gnusparse_01 = _proc_gnusparse_10 = _proc_gnusparse


def _sparse(path: str) -> EmitError:
    return EmitError(f"{path} in the archive is a sparse file. Create the archive without --sparse.")


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
