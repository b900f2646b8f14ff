"""`verify_files` finds what is missing, damaged or belongs to nothing, and rebuilds what it can."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from studio.packs.models import ExportRun, Release
from studio.packs.store import path_of
from tests.guards import unguarded

pytestmark = pytest.mark.django_db


def verified(capsys, *arguments):
    """The exit code, and the report."""
    capsys.readouterr()
    code = 0
    try:
        call_command("verify_files", "--json", *arguments)
    except SystemExit as error:
        code = error.code
    return code, json.loads(capsys.readouterr().out)


def test_it_finds_and_rebuilds(home, backup, capsys):
    assert verified(capsys)[0] == 0
    [release], [run] = Release.objects.all(), ExportRun.objects.all()
    lost, damaged = (path_of(release.files[path]["sha256"]) for path in ("README.md", "rules.csv"))
    lost.unlink()
    damaged.write_bytes(b"x" * damaged.stat().st_size)
    run.path.write_bytes(b"short")
    (home.var / "exports" / "stray.yaml").write_text("x")
    code, report = verified(capsys)
    kinds = {one["owner"].split(" ")[0]: one["kind"] for one in report["problems"]}
    assert (code, report["ok"]) == (1, False)
    assert kinds == {"README.md": "missing", "rules.csv": "damaged", "the": "damaged"}
    assert report["orphans"] == ["exports/stray.yaml"]
    code, report = verified(capsys, "--rebuild")
    assert (code, len(report["rebuilt"]), report["problems"]) == (0, 3, [])
    assert verified(capsys)[0] == 0
    assert (home.var / "exports" / "stray.yaml").exists()


def test_it_says_so_in_words(home, backup, capsys):
    [release] = Release.objects.all()
    for about in release.files.values():
        path_of(about["sha256"]).unlink(missing_ok=True)
    (home.var / "signing" / f"{release.summary['signed_by']}.pub").unlink()
    with unguarded("packs_release"):
        Release.objects.update(members=[])
    with pytest.raises(SystemExit) as end:
        call_command("verify_files", "--rebuild")
    said = capsys.readouterr()
    assert end.value.code == 1
    assert "is missing: README.md of harbour 1.0.0." in said.err
    assert "is missing: the public key of harbour 1.0.0." in said.err
    assert "files checked" in said.out
