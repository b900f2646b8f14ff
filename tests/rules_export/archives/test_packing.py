"""Archives: equal bytes for equal members, and nothing of strangers is trusted."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile

import pytest

from rules_export.archives.packing import Entry, gzip_stored, tar_bytes, tar_gz, zip_bytes
from rules_export.archives.unpacking import unpacked
from rules_export.errors import EmitError

ENTRIES = [Entry("b.txt", b"two"), Entry("a/run.sh", b"#!/bin/sh\n", executable=True), Entry("empty", b"")]
GOLDEN = ["2fb63cb1b1802940", "e959d84ec041e85c", "1efca504a4f2504e"]
BYTES = {entry.path: entry.data for entry in ENTRIES}


@pytest.mark.parametrize("pack", [zip_bytes, tar_bytes, tar_gz])
def test_it_packs_the_same_bytes_in_any_order_and_reads_them_back(pack):
    packed = pack(ENTRIES)
    assert packed == pack(reversed(ENTRIES))
    assert unpacked(packed) == BYTES


def test_it_writes_digests_that_never_change():
    """Whoever changes these changes the digest of every release that was ever handed out."""
    assert [Entry("", pack(ENTRIES)).sha256[:16] for pack in (zip_bytes, tar_bytes, tar_gz)] == GOLDEN


def test_it_keeps_what_may_be_run():
    with tarfile.open(fileobj=io.BytesIO(tar_gz(ENTRIES))) as file:
        assert [(one.name, one.mode, one.mtime, one.uid, one.uname) for one in file] == [
            ("a/run.sh", 0o755, 0, 0, ""),
            ("b.txt", 0o644, 0, 0, ""),
            ("empty", 0o644, 0, 0, ""),
        ]
    with zipfile.ZipFile(io.BytesIO(zip_bytes(ENTRIES))) as file:
        assert stat.S_IMODE(file.getinfo("a/run.sh").external_attr >> 16) == 0o755


@pytest.mark.parametrize("size", [0, 1, 0xFFFF, 0x10000, 200_001])
def test_it_writes_gzip_that_every_reader_takes(size):
    data = bytes(range(256)) * (size // 256 + 1)
    assert gzip.decompress(gzip_stored(data[:size])) == data[:size]


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a//b", "a/../b", "c:x", "a b", "-rf", "x" * 201, "ä"])
def test_it_refuses_names_that_some_system_could_not_hold(path):
    with pytest.raises(EmitError):
        zip_bytes([Entry(path, b"")])


def test_it_refuses_two_files_that_some_system_takes_for_one():
    with pytest.raises(EmitError, match="Two files"):
        tar_bytes([Entry("README", b""), Entry("readme", b"")])


def strange_tar(**about: object) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as file:
        info = tarfile.TarInfo("x")
        for key, value in about.items():
            setattr(info, key, value)
        file.addfile(info, io.BytesIO(b"\0" * info.size))
    return buffer.getvalue()


def strange_zip(name: str, mode: int = 0, data: bytes = b"", times: int = 1) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for _ in range(times):
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (strange_tar(name="../../etc/passwd"), "leads out"),
        (strange_tar(name="/etc/passwd"), "leads out"),
        (strange_tar(type=tarfile.SYMTYPE, linkname="/etc/passwd"), "no plain file"),
        (strange_tar(type=tarfile.LNKTYPE, linkname="/etc/passwd"), "no plain file"),
        (strange_tar(type=tarfile.CHRTYPE), "no plain file"),
        (strange_zip("../x"), "leads out"),
        (strange_zip("..\\x"), "leads out"),
        (strange_zip("x", stat.S_IFLNK | 0o777, b"/etc/passwd"), "no plain file"),
        (b"nothing of the kind", "no zip, tar or tar.gz"),
        (b"\x1f\x8b" + b"\0" * 30, "no zip, tar or tar.gz"),
        (zip_bytes(ENTRIES)[:60], "no zip, tar or tar.gz"),
        (b"", "no zip, tar or tar.gz"),
    ],
)
def test_it_refuses_archives_that_mean_harm_or_nothing(data, says):
    with pytest.raises(EmitError, match=says):
        unpacked(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_it_refuses_a_name_that_comes_twice():
    with pytest.raises(EmitError, match="twice"):
        unpacked(strange_zip("x", times=2))


def test_it_stops_a_bomb_before_it_is_whole():
    for bomb in (strange_zip("bomb", data=b"\0" * 4_000_000), gzip.compress(strange_tar(size=4_000_000))):
        assert len(bomb) < 10_000
        with pytest.raises(EmitError, match="too large"):
            unpacked(bomb, total=3_000_000)


def test_it_refuses_an_archive_of_too_many_files():
    with pytest.raises(EmitError, match="more than 2 files"):
        unpacked(zip_bytes(ENTRIES), files=2)
