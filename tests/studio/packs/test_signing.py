"""Releases are signed so that openssl agrees, keys change without losing the old, bundles are checked by command."""

from __future__ import annotations

import base64
import io
import shutil
import stat
import subprocess

import pytest
from django.core.management import CommandError, call_command

from rules_export.archives.packing import Entry, tar_gz
from rules_export.archives.unpacking import unpacked
from rules_export.artifacts.manifest import sums
from rules_export.artifacts.verifying import verify_bundle
from studio.packs import signing, store
from studio.packs.models import Release
from tests.studio.packs.test_releases import own_folder, pack, released, rule  # noqa: F401 - fixtures

DATA = b"0" * 64 + b"  README.md\n"


@pytest.fixture(autouse=True)
def no_key_around(monkeypatch):
    monkeypatch.delenv("SIGNING_KEY", raising=False)
    monkeypatch.delenv("SIGNING_KEY_FILE", raising=False)


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_it_signs_so_that_openssl_agrees(tmp_path):
    key = signing.new_key()
    (tmp_path / "key.pub").write_text(key.pem)
    (tmp_path / "sums").write_bytes(DATA)
    (tmp_path / "sums.der").write_bytes(base64.b64decode(signing.sign(DATA)))
    command = ["openssl", "dgst", "-sha256", "-verify", "key.pub", "-signature", "sums.der", "sums"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == "Verified OK"
    (tmp_path / "sums").write_bytes(DATA + b"x")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode != 0


def test_it_gives_the_same_signature_every_time():
    signing.new_key()
    assert signing.sign(DATA) == signing.sign(DATA)


def test_it_keeps_the_key_to_itself(settings):
    signing.new_key()
    mode = stat.S_IMODE((settings.VAR_DIR / "signing" / "key.pem").stat().st_mode)
    assert mode == 0o600


def test_it_verifies_what_an_earlier_key_signed():
    first = signing.new_key()
    old = signing.sign(DATA)
    second = signing.new_key()
    assert signing.verify(DATA, old) == first.name
    assert signing.verify(DATA, signing.sign(DATA)) == second.name
    assert signing.verify(DATA, old, [second]) is None
    assert [(one.name, one.current) for one in signing.public_keys()] == [(second.name, True), (first.name, False)]


@pytest.mark.parametrize("signature", [b"", b"nonsense", b"\xff", base64.b64encode(b"other")])
def test_it_takes_nothing_else_for_a_signature(signature):
    signing.new_key()
    assert signing.verify(DATA, signature) is None


def test_it_takes_the_key_from_the_environment(monkeypatch, settings, tmp_path):
    made = signing.new_key()
    path = settings.VAR_DIR / "signing" / "key.pem"
    text = path.read_text()
    path.unlink()
    (settings.VAR_DIR / "signing" / f"{made.name}.pub").unlink()
    monkeypatch.setenv("SIGNING_KEY", text)
    assert signing.public_keys() == [made]
    with pytest.raises(signing.SigningError, match="comes from the environment"):
        signing.new_key()
    signing.sign(DATA)
    monkeypatch.delenv("SIGNING_KEY")
    assert [one.name for one in signing.public_keys()] == [made.name]
    monkeypatch.setenv("SIGNING_KEY_FILE", str(tmp_path / "nothing"))
    with pytest.raises(signing.SigningError, match="cannot be read"):
        signing.sign(DATA)


@pytest.mark.parametrize("text", ["nonsense", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----"])
def test_it_says_what_is_wrong_with_a_key_without_showing_it(monkeypatch, text):
    monkeypatch.setenv("SIGNING_KEY", text)
    with pytest.raises(signing.SigningError) as raised:
        signing.sign(DATA)
    assert text not in str(raised.value)


def test_it_makes_and_shows_keys_by_command():
    with pytest.raises(CommandError, match="There is no signing key"):
        call_command("signing_key", stdout=io.StringIO(), stderr=io.StringIO())
    out = io.StringIO()
    call_command("signing_key", "--new", stdout=out, stderr=io.StringIO())
    call_command("signing_key", "--new", stdout=io.StringIO(), stderr=io.StringIO())
    everything = io.StringIO()
    call_command("signing_key", "--all", stdout=everything, stderr=io.StringIO())
    assert everything.getvalue().count("BEGIN PUBLIC KEY") == 2
    assert out.getvalue() in everything.getvalue()


def checked(path, *options: str) -> str:
    out = io.StringIO()
    call_command("verify_bundle", str(path), *options, stdout=out)
    return out.getvalue()


def bundle_of(release: Release, tmp_path, ending: str):
    path = tmp_path / f"bundle{ending}"
    path.write_bytes(store.get(release.files[f"harbour-1.0.0{ending}"]["sha256"]))
    return path


@pytest.mark.django_db
def test_it_signs_a_release_and_checks_its_bundles(client, people, pack, tmp_path):  # noqa: F811 - a fixture
    key = signing.new_key()
    release = released(pack, people)
    for ending in (".zip", ".tar.gz"):
        path = bundle_of(release, tmp_path, ending)
        assert f"ok   signature: SHA256SUMS is signed by {key.name}." in checked(path, "--signed")
    (tmp_path / "key.pub").write_text(key.pem)
    assert key.name in checked(path, "--key", str(tmp_path / "key.pub"))
    client.force_login(people.vic)
    assert key.name in client.get(release.get_absolute_url()).content.decode()
    page = client.get("/exports/keys/").content.decode()
    assert (key.name in page, "In use" in page, "PRIVATE" in page) == (True, True, False)
    assert client.get(f"/exports/keys/{key.name}.pub").content.decode() == key.pem
    assert client.get("/exports/keys/nothing.pub").status_code == 404


@pytest.mark.django_db
def test_it_does_without_a_key_and_says_so(client, people, pack, tmp_path):  # noqa: F811 - a fixture
    release = released(pack, people)
    path = bundle_of(release, tmp_path, ".zip")
    assert "–    signature: The bundle is not signed." in checked(path)
    with pytest.raises(CommandError, match="signature"):
        checked(path, "--signed")
    client.force_login(people.vic)
    assert "this Mews has no signing key" in client.get(release.get_absolute_url()).content.decode()
    assert "Releases are not signed" in client.get("/exports/keys/").content.decode()


@pytest.mark.django_db
def test_it_sees_every_file_that_was_changed_taken_away_or_slipped_in(people, pack):  # noqa: F811 - a fixture
    signing.new_key()
    release = released(pack, people)
    whole = unpacked(store.get(release.files["harbour-1.0.0.zip"]["sha256"]))
    assert whole == unpacked(store.get(release.files["harbour-1.0.0.tar.gz"]["sha256"]))

    def good(files: dict[str, bytes]) -> bool:
        checks = {one.what: one.ok for one in verify_bundle(files, signing.verify)}
        return checks["digests"] is True and checks["signature"] is True

    assert good(whole)
    for path in whole:
        assert not good({**whole, path: whole[path] + b"\n# one more"}), path
        assert not good({one: data for one, data in whole.items() if one != path}), path
        assert not good({**whole, f"{path}.more": b""}), path
        rest = {one: data for one, data in whole.items() if not one.startswith("SHA256SUMS") and one != path}
        anew = sums(Entry(one, data) for one, data in {**rest, path: b"# other"}.items())
        assert not good({**whole, path: b"# other", "SHA256SUMS": anew}), path


@pytest.mark.django_db
def test_a_signature_that_was_taken_away_is_missed_where_a_key_is_known(people, pack, tmp_path):  # noqa: F811 - a fixture
    key = signing.new_key()
    release = released(pack, people)
    files = unpacked(store.get(release.files["harbour-1.0.0.zip"]["sha256"]))
    path = tmp_path / "stripped.tar.gz"
    path.write_bytes(tar_gz([Entry(one, data) for one, data in files.items() if one != "SHA256SUMS.sig"]))
    (tmp_path / "key.pub").write_text(key.pem)
    for options in ((), ("--key", str(tmp_path / "key.pub"))):
        with pytest.raises(CommandError, match="is not what it says: signature"):
            checked(path, *options)
    assert "The bundle is not signed" in checked(path, "--unsigned")


def test_it_says_which_file_it_cannot_read(tmp_path):
    with pytest.raises(CommandError, match=r"/nothing.zip cannot be read: No such file or directory\.$"):
        checked(tmp_path / "nothing.zip")
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        checked(tmp_path)


def test_it_refuses_what_is_no_bundle(tmp_path):
    for name, data in (("x.zip", b"PK\x03\x04nonsense"), ("x.tar", b""), ("y.zip", None)):
        if data is not None:
            (tmp_path / name).write_bytes(data)
        with pytest.raises(CommandError):
            checked(tmp_path / name)
