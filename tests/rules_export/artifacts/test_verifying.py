"""A bundle is what it says, or somebody is told what is not."""

from __future__ import annotations

import json

import pytest

from rules_export.archives.packing import Entry
from rules_export.artifacts.manifest import sums
from rules_export.artifacts.pack_files import pack_files
from rules_export.artifacts.verifying import verify_bundle
from tests.rules_export.artifacts.packs import PACK, always, made


def files(mode: str = "overlay", sign=None) -> dict[str, bytes]:
    return {one.path: one.data for one in pack_files(PACK, made(mode), [], always, sign)}


def summed(changed: dict[str, bytes]) -> dict[str, bytes]:
    """The same with sums that fit, as somebody would make them who changed a file on purpose."""
    rest = {path: data for path, data in changed.items() if path != "SHA256SUMS"}
    return {**rest, "SHA256SUMS": sums(Entry(path, data) for path, data in rest.items())}


def told(found: dict[str, bytes], verify=None) -> dict[str, tuple[bool | None, str]]:
    return {one.what: (one.ok, one.says) for one in verify_bundle(found, verify)}


@pytest.mark.parametrize("mode", ["overlay", "standalone"])
def test_it_finds_nothing_wrong_with_its_own(mode):
    checks = told(files(mode))
    assert {what: ok for what, (ok, _) in checks.items()} == {
        "digests": True,
        "signature": None,
        "manifest": True,
        "verdict": True,
    }
    assert checks["manifest"][1] == "2 rules of harbour-recovery 1.2.0."


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"README.md": b"other"}, "README.md is changed."),
        ({"README.md": None}, "README.md is missing."),
        ({"more.txt": b""}, "more.txt is not told of."),
        ({"SHA256SUMS": None}, "There is no SHA256SUMS"),
        ({"SHA256SUMS": b"\xff"}, "cannot be read"),
        ({"SHA256SUMS": b"nonsense"}, "cannot be read"),
    ],
)
def test_it_tells_which_file_is_not_as_summed(change, says):
    changed = {path: data for path, data in {**files(), **change}.items() if data is not None}
    ok, words = told(changed)["digests"]
    assert (ok, says in words) == (False, True)


def test_it_asks_for_the_signature():
    signed = files(sign=lambda data: b"signed")
    assert told(signed)["signature"] == (None, "The bundle is signed; no key was given to check it with.")
    assert told(signed, lambda data, signature: "key one")["signature"] == (True, "SHA256SUMS is signed by key one.")
    assert told(signed, lambda data, signature: None)["signature"][0] is False


@pytest.mark.parametrize(
    ("path", "data", "what", "says"),
    [
        ("falco_rules.local.yaml", b"- rule: X\n", "verdict", "Falco complains"),
        ("falco_rules.local.yaml", b"", "manifest", "names other rules"),
        ("falco_rules.local.yaml", b"\xff\xfe\x00", "verdict", "Falco"),
        ("manifest.json", b"{}", "manifest", "another format"),
        ("manifest.json", b"[" * 100_000, "manifest", "another format"),
        ("manifest.json", json.dumps({"format": 1, "rules": [1], "expects": [2]}).encode(), "manifest", "other rules"),
    ],
)
def test_it_sees_through_a_bundle_that_was_summed_anew(path, data, what, says):
    ok, words = told(summed({**files(), path: data}))[what]
    assert (ok, says in words) == (False, True), words


def test_it_judges_nothing_without_rules():
    rest = {path: data for path, data in files().items() if path != "falco_rules.local.yaml"}
    assert told(rest)["verdict"] == (False, "There is no falco_rules.local.yaml.")
