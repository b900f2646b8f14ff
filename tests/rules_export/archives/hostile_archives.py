"""Archives made to hurt, and archives that were fine before some bytes of them changed."""

from __future__ import annotations

import gzip
import io
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable

RULES = b"- rule: A\n  desc: d\n  condition: evt.type = open\n  output: o\n  priority: ERROR\n" * 20


def zipped(method: int = zipfile.ZIP_DEFLATED, **files: bytes) -> bytes:
    """A zip of these files (RULES as a.yaml where none is given)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, data in (files or {"a.yaml": RULES}).items():
            file.writestr(name, data)
    return buffer.getvalue()


def tarred(form: int = tarfile.PAX_FORMAT, headers: dict[str, str] | None = None, name: str = "a.yaml") -> bytes:
    """A tar of RULES with pax headers."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as file:
        info = tarfile.TarInfo(name)
        info.size, info.pax_headers = len(RULES), headers or {}
        file.addfile(info, io.BytesIO(RULES))
    return buffer.getvalue()


def long_name(size: int) -> bytes:
    """A tar whose GNU long name takes `size` bytes."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, size
    return info.tobuf(tarfile.GNU_FORMAT) + b"x" * size + b"\0" * (-size % 512) + tarred()


def many_headers(count: int, size: int) -> bytes:
    """A tar of so many global pax headers before its first file."""
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XGLTYPE, size
    record = f"{size} comment=".encode()
    header = info.tobuf(tarfile.USTAR_FORMAT) + record + b"x" * (size - len(record) - 1) + b"\n"
    return (header + b"\0" * (-size % 512)) * count + tarred()


def sparse(real: int) -> bytes:
    """An old GNU sparse file that claims to be `real` bytes long."""
    info = tarfile.TarInfo("hole.yaml")
    info.type = tarfile.GNUTYPE_SPARSE
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    block[483:495] = b"%011o\0" % real
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block[:512])
    return bytes(block) + b"\0" * 1024


def overlapping(names: int, size: int) -> bytes:
    """A zip of many names for the same deflated bytes."""
    data = zipped(**{"a": b"\0" * size})
    begin = data.index(b"PK\x01\x02")
    entry = data[begin : data.index(b"PK\x05\x06")]
    entries = b"".join(entry[:46] + b"%c" % (97 + number % 26) + entry[47:] for number in range(names))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, names, names, len(entries), begin, 0)
    return data[:begin] + entries + end


def encrypted() -> bytes:
    """A zip that says that its file is encrypted."""
    data = bytearray(zipped())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def damaged(data: bytes) -> bytes:
    """The archive with its compressed bytes changed."""
    return data[:45] + bytes(byte ^ 0x5A for byte in data[45:75]) + data[75:]


#: Name → (the archive, what the refusal says).
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "pax header of 300 MB": (lambda: gzip.compress(tarred(headers={"comment": "x" * 300_000_000}), 1), "too large"),
    "long name of 100 MB": (lambda: gzip.compress(long_name(100_000_000), 1), "too large"),
    "two hundred headers": (lambda: gzip.compress(many_headers(200, 60_000), 1), "MiB of all headers"),
    "digits without an end": (lambda: tarred(headers={"comment": "1" * 60_000}), "malformed"),
    "gzip of 500 MB of zeros": (lambda: gzip.compress(b"\0" * 500_000_000, 1), "too large"),
    "old sparse file": (lambda: sparse(2**33 - 1), "sparse"),
    "sparse file in pax": (lambda: tarred(headers={"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}), "sparse"),
    "overlapping zip": (lambda: overlapping(1000, 4_000_000), "shares its bytes"),
    "zip of one large file": (lambda: zipped(**{"a.yaml": b"\0" * 100_000_000}), "too large"),
    "encrypted zip": (encrypted, "encrypted"),
    "LZMA zip": (lambda: zipped(zipfile.ZIP_LZMA), "compressed with LZMA"),
    "corrupt LZMA zip": (lambda: damaged(zipped(zipfile.ZIP_LZMA)), "LZMA"),
    "bzip2 zip": (lambda: zipped(zipfile.ZIP_BZIP2), "compressed with bzip2"),
    "corrupt zip": (lambda: damaged(zipped()), "can be read"),
}

SEEDS: tuple[Callable[[], bytes], ...] = (
    zipped,
    lambda: zipped(zipfile.ZIP_STORED, **{"rules/a.yaml": RULES, "b.yaml": b"[]"}),
    lambda: zipped(zipfile.ZIP_LZMA),
    lambda: zipped(zipfile.ZIP_BZIP2),
    tarred,
    lambda: tarred(headers={"comment": "ü" * 200, "mtime": "1.5", "size": "12"}),
    lambda: tarred(name="d/" * 60 + "a.yaml"),
    lambda: tarred(tarfile.GNU_FORMAT, name="d/" * 60 + "a.yaml"),
    lambda: tarred(headers={"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "x"}),
    lambda: many_headers(3, 1000),
    lambda: sparse(4000),
)


def mutant(chance: random.Random) -> bytes:
    """An archive with a few bytes changed, removed, repeated or put elsewhere; for a tar.gz before it is packed."""
    data = bytearray(chance.choice(SEEDS)())
    packed = data[:2] != b"PK" and chance.random() < 0.5
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(data))
        if chance.random() < 0.6:  # where the headers are
            place = chance.choice([place % 600, len(data) - 1 - place % min(len(data), 120)]) % len(data)
        act = chance.randrange(5)
        if act == 0:
            data[place] = chance.randrange(256)
        elif act == 1:
            data[place] ^= 1 << chance.randrange(8)
        elif act == 2:
            data[place : place + chance.randint(1, 40)] = b""
        elif act == 3:
            data[place:place] = data[place : place + chance.randint(1, 600)]
        else:
            data[place : place + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"7777", b"\x80\0\0\1"])
        if not data:
            return b""
    if data[148:156].strip(b"\0 0123456789") == b"" and data[:2] != b"PK" and len(data) >= 512:
        data[148:156] = b"        "
        data[148:156] = b"%06o\0 " % sum(data[:512])  # a checksum that fits, so that the header is read
    return gzip.compress(bytes(data), 1) if packed else bytes(data)
