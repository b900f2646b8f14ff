"""The file of a backup: a tar.gz with backup.json first, then the data, and manifest.json with all digests last."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

#: Rises when an older Mews can't read what a newer one writes.
FORMAT = 1
HEADER, MANIFEST = "backup.json", "manifest.json"
DATABASE, FILES = "database/", "files/"
MAX_JSON = 512 * 1024 * 1024
_CHUNK = 1024 * 1024
_NAME = re.compile(r"(database|files)(/[^/\\\x00-\x1f]{1,255})+")
#: What a damaged tar.gz makes the libraries raise.
_UNREADABLE = (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError, ValueError, KeyError, TypeError)


class BackupError(Exception):
    """It can't be done; the message says what is wrong and what to do."""


@dataclass(slots=True)
class Contents:
    """What a backup says of itself. header: of which Mews and database. entries: name → [SHA-256, size]. more: what is
    known only at the end, such as the rows of each table."""

    header: dict[str, Any]
    entries: dict[str, tuple[str, int]] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


class Writer:
    """Adds files to a backup, and remembers their digests."""

    def __init__(self, tar: tarfile.TarFile, contents: Contents) -> None:
        self.tar, self.contents = tar, contents
        self._add(HEADER, BytesIO(_json({**contents.header, "format": FORMAT})))

    def add(self, name: str, path: Path) -> None:
        """Add a file. Raises OSError, also where it changes its size meanwhile."""
        with path.open("rb") as file:
            self._add(name, file)

    def finish(self) -> None:
        """Add the manifest; nothing comes after it."""
        entries = {name: list(about) for name, about in self.contents.entries.items()}
        self._add(MANIFEST, BytesIO(_json({"entries": entries, **self.contents.more})))

    def _add(self, name: str, file: IO[bytes]) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = file.seek(0, os.SEEK_END), 0o600
        file.seek(0)
        hashing = _Hashing(file)
        self.tar.addfile(info, cast(IO[bytes], hashing))
        self.contents.entries[name] = (hashing.hash.hexdigest(), info.size)


class _Hashing:
    """Reads a file and hashes what is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.hash.update(data)
        return data


@contextmanager
def written(path: Path, contents: Contents) -> Iterator[Writer]:
    """Write a backup beside its place; it appears there, readable by its owner only, when it is complete.

    A draft that a killed process left behind is written over. Raises BackupError where another process writes it.
    """
    draft = path.with_name(f".{path.name}.making")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as raw:
        try:
            fcntl.flock(raw, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Another process writes {path}. Wait for it, or choose another name.") from None
        try:
            raw.truncate(0)
            os.fchmod(raw.fileno(), 0o600)
            with gzip.GzipFile("", "wb", 6, raw, 0) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
                writer = Writer(tar, contents)
                yield writer
                writer.finish()
            raw.flush()
            os.fsync(raw.fileno())
            draft.replace(path)
            sync_folder(path.parent)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def extract(path: Path, into: Path, check: Any = None) -> Contents:
    """Unpack a backup into an empty folder of the caller, with everything verified.

    check: called with the header before anything is unpacked; raises BackupError for a backup that doesn't fit.
    Raises BackupError for what is no backup, damaged, cut off, or of a newer format, and OSError.
    """
    try:
        with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) as packed:
            with tarfile.open(fileobj=packed, mode="r|") as tar:
                contents, manifest = _unpack(tar, into, check)
            while packed.read(_CHUNK):  # to the end, where the checksum is
                pass
    except _UNREADABLE as error:
        raise BackupError(
            f"{path} is damaged, cut off or no backup of Mews ({error}). Nothing was restored."
        ) from error
    _compare(path, contents, manifest)
    return contents


def _unpack(tar: tarfile.TarFile, into: Path, check: Any) -> tuple[Contents, dict[str, Any] | None]:
    contents, manifest = Contents({}), None
    for number, member in enumerate(tar):
        if manifest is not None or (number == 0) != (member.name == HEADER):
            raise BackupError(f"The backup holds {member.name} at a wrong place. Nothing was restored.")
        source = tar.extractfile(member) if member.isreg() else None
        if source is None:
            raise BackupError(f"The backup holds {member.name}, which is no regular file. Nothing was restored.")
        if member.name in {HEADER, MANIFEST}:
            text = source.read(MAX_JSON)
            value = json.loads(text)
            if member.name == MANIFEST:
                manifest = value
                continue
            contents.header = _checked(value, check)
            contents.entries[HEADER] = (hashlib.sha256(text).hexdigest(), len(text))
            continue
        if not is_safe(member.name) or member.name in contents.entries:
            raise BackupError(f"The backup holds the unsafe name {member.name!r}. Nothing was restored.")
        contents.entries[member.name] = _write(source, into / member.name)
    return contents, manifest


def _checked(header: dict[str, Any], check: Any) -> dict[str, Any]:
    if int(header["format"]) > FORMAT:
        raise BackupError(
            f"The backup has format {header['format']} of Mews {header.get('mews')}; this one reads up to {FORMAT}. "
            "Restore it with that version of Mews."
        )
    if check:
        check(header)
    return header


def _compare(path: Path, contents: Contents, manifest: dict[str, Any] | None) -> None:
    if manifest is None:
        raise BackupError(f"{path} is cut off: its manifest is missing. Nothing was restored.")
    listed = {name: (about[0], about[1]) for name, about in manifest.pop("entries").items()}
    wrong = sorted(name for name in listed.keys() | contents.entries if listed.get(name) != contents.entries.get(name))
    if wrong:
        raise BackupError(f"{path} is damaged: {wrong[0]} doesn't match its SHA-256. Nothing was restored.")
    contents.more = manifest


def is_safe(name: str) -> bool:
    """Whether the name of an entry leads to a place of ours and nowhere else."""
    return bool(_NAME.fullmatch(name)) and not {".", ".."} & set(name.split("/"))


def _write(source: IO[bytes], path: Path) -> tuple[str, int]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while data := source.read(_CHUNK):
            file.write(data)
            digest.update(data)
            size += len(data)
        os.fchmod(file.fileno(), 0o600)
    return digest.hexdigest(), size


def sync_folder(path: Path) -> None:
    """Have the names in the folder on the disk, too."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode()
