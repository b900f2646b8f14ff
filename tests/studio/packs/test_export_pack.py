"""A job on a server writes a release's files where it deploys them from."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from studio.packs import pack_services, release_services, store
from studio.packs.models import Release
from tests.guards import unguarded
from tests.studio.packs.test_recovery import lose
from tests.studio.packs.test_releases import own_folder, pack, released, rule  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def export(place, *options: str) -> list[str]:
    out, errors = io.StringIO(), io.StringIO()
    call_command("export_pack", "harbour", "--output", str(place), *options, stdout=out, stderr=errors)
    written = sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())
    assert written == sorted(out.getvalue().split())
    return [*written, *errors.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("formats", "files"),
    [
        ((), ["falco_rules.local.yaml"]),
        (("zip",), ["harbour-1.0.0.zip"]),
        (("oci", "sums"), ["SHA256SUMS", "oci/harbour-1.0.0.tar"]),
        (("csv", "sarif", "navigator"), ["findings.sarif", "navigator-layer.json", "rules.csv"]),
        (("helm", "tar.gz"), ["harbour-1.0.0.tar.gz", "helm/values.yaml"]),
    ],
)
def test_it_writes_what_was_asked_for(people, pack, tmp_path, formats, files):  # noqa: F811 - a fixture
    released(pack, people)
    place = tmp_path / "out"
    assert export(place, *(part for one in formats for part in ("--format", one))) == files
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in place.rglob("*") if path.is_file())


def test_it_takes_the_latest_release_unless_told(people, pack, tmp_path):  # noqa: F811 - a fixture
    released(pack, people)
    newer = released(pack, people, "1.1.0-rc.1")
    assert export(tmp_path / "a", "--format", "zip") == ["harbour-1.0.0.zip"]
    assert export(tmp_path / "b", "--format", "zip", "--candidate") == ["harbour-1.1.0-rc.1.zip"]
    release_services.yank(newer, people.mai, "Too loud.")
    assert export(tmp_path / "c", "--format", "zip", "--candidate") == ["harbour-1.0.0.zip"]
    named = export(tmp_path / "d", "--format", "zip", "--version", "1.1.0-rc.1")
    assert named == ["harbour-1.1.0-rc.1.zip", "harbour 1.1.0-rc.1 is yanked: Too loud."]


def test_it_says_what_there_is_not(people, pack, tmp_path):  # noqa: F811 - a fixture
    for options, says in (
        ((), "release that is ready"),
        (("--version", "9.9.9"), "9.9.9"),
        (("--team", "x"), "no pack"),
    ):
        with pytest.raises(CommandError, match=says):
            export(tmp_path, *options)
    pack_services.create(people.other_team, people.sam, name="harbour", title="Harbour")
    with pytest.raises(CommandError, match="--team"):
        export(tmp_path)


def test_it_takes_several_formats_after_one_option(people, pack, tmp_path):  # noqa: F811 - a fixture
    released(pack, people)
    assert export(tmp_path / "a", "--format", "rules", "zip") == ["falco_rules.local.yaml", "harbour-1.0.0.zip"]


def test_it_says_where_it_cannot_write_and_rebuilds_what_the_disk_lost(people, pack, tmp_path):  # noqa: F811 - a fixture
    release = released(pack, people)
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(CommandError, match=r"taken.* cannot be written"):
        export(tmp_path / "taken")
    path = store.path_of(release.files["falco_rules.local.yaml"]["sha256"])
    written = path.read_bytes()
    path.write_bytes(b"other")
    export(tmp_path / "out")
    assert (tmp_path / "out" / "falco_rules.local.yaml").read_bytes() == written
    lose(release)
    with unguarded("packs_release"):
        Release.objects.filter(pk=release.pk).update(members=[])
    with pytest.raises(CommandError, match=r"is left out: .* no longer on the server"):
        export(tmp_path / "gone")
    assert not (tmp_path / "gone" / "falco_rules.local.yaml").exists()
