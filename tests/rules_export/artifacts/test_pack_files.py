"""A bundle: all of its files, from one value, the same on every day."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
import yaml

from rules_export.archives.packing import sha256, tar_gz
from rules_export.archives.unpacking import unpacked
from rules_export.artifacts.generator_suite import PLACE, suite
from rules_export.artifacts.kubernetes import CONFIG_MAP_LIMIT
from rules_export.artifacts.manifest import read_sums, sums
from rules_export.artifacts.pack import Example, Member, Pack
from rules_export.artifacts.pack_files import pack_files
from rules_export.verdict.loading import validate
from rules_export.write.bundle import bundle
from tests.rules_export.artifacts.packs import EXEC, OPEN, PACK, RECOVERY, SHADOW, always, made


def files(pack: Pack = PACK, **options: object) -> dict[str, bytes]:
    return {one.path: one.data for one in pack_files(pack, made(), [], always, **options)}  # type: ignore[arg-type]


def test_it_writes_every_file():
    assert sorted(files()) == [
        "CATALOGUE.md",
        "CHANGELOG.md",
        "README.md",
        "SHA256SUMS",
        "catalogue.html",
        "falco_rules.local.yaml",
        "findings.sarif",
        "helm/values.yaml",
        "kubernetes/configmap.yaml",
        "kubernetes/rulesfile-configmap.yaml",
        "kubernetes/rulesfile-oci-v0.1.yaml",
        "kubernetes/rulesfile-oci.yaml",
        "kubernetes/rulesfile-v0.1.yaml",
        "kubernetes/rulesfile.yaml",
        "manifest.json",
        "navigator-layer.json",
        "oci/harbour-recovery-1.2.0.tar",
        "oci/index.yaml",
        "rules.csv",
        "rules.d/50-harbour-recovery.yaml",
        "tests/emulate.sh",
        "tests/event-generator.yaml",
        "tests/events.jsonl",
    ]


def test_the_image_and_the_findings_say_who_made_them_and_when():
    pack = replace(
        PACK, made_by="Mews 0.1.0", released_at="2026-11-24T10:00:00Z", vendor="Harbour", authors="Mai Maintainer",
        license="Apache-2.0", home="https://mews.example", page="https://mews.example/exports/packs/harbour-recovery/",
        documentation="https://docs.example", source="https://git.example/rules",
    )  # fmt: skip
    found = files(pack)
    tar = unpacked(found["oci/harbour-recovery-1.2.0.tar"])
    [digest] = {one["digest"] for one in json.loads(tar["index.json"])["manifests"]}
    told = json.loads(tar[f"blobs/sha256/{digest.removeprefix('sha256:')}"])["annotations"]
    assert {name.removeprefix("org.opencontainers.image."): value for name, value in told.items()} == {
        "title": "Harbour recovery", "description": "What destroys the way back.", "version": "1.2.0",
        "created": "2026-11-24T10:00:00Z", "revision": f"sha256:{sha256(found['falco_rules.local.yaml'])}",
        "licenses": "Apache-2.0", "vendor": "Harbour", "authors": "Mai Maintainer",
        "url": "https://mews.example/exports/packs/harbour-recovery/", "documentation": "https://docs.example",
        "source": "https://git.example/rules",
    }  # fmt: skip
    driver = json.loads(found["findings.sarif"])["runs"][0]["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("Mews", "0.1.0")
    assert yaml.safe_load(found["oci/index.yaml"])[0]["license"] == "Apache-2.0"
    assert "falco-operator 0.1.x" in found["README.md"].decode()


def test_the_layer_of_a_pack_scores_enabled_rules_only():
    off = replace(PACK.members[1], rule=replace(SHADOW, enabled=False))
    layer = json.loads(files(replace(PACK, members=(PACK.members[0], off)))["navigator-layer.json"])
    scores = {one["techniqueID"]: (one["score"], one["comment"]) for one in layer["techniques"]}
    assert scores == {"T1490": (1, "Disable recovery features"), "T1003.008": (0, "Read shadow (disabled)")}


def test_it_sums_every_file_but_the_sums():
    found = files(sign=lambda data: b"signed " + sha256(data).encode())
    told = read_sums(found["SHA256SUMS"].decode())
    assert told == {path: sha256(data) for path, data in found.items() if not path.startswith("SHA256SUMS")}
    assert found["SHA256SUMS.sig"] == b"signed " + sha256(found["SHA256SUMS"]).encode()
    assert "openssl dgst -sha256 -verify" in found["README.md"].decode()
    assert "openssl" not in files()["README.md"].decode()


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="needs coreutils")
def test_it_writes_sums_that_sha256sum_checks(tmp_path):
    for path, data in files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("text", ["nothing", "0" * 64 + "  a\n" + "0" * 64 + "  a\n", "zz  a"])
def test_it_refuses_sums_of_another_form(text):
    with pytest.raises(ValueError, match="SHA256SUMS"):
        read_sums(text)
    assert sums([]) == b""


def test_it_tells_where_every_rule_comes_from():
    told = json.loads(files()["manifest.json"])
    assert told["rules"][0] == {
        "name": "Disable recovery features",
        "revision": 3,
        "sha256": PACK.members[0].digest,
        "approvers": ["Rui Reviewer"],
        "techniques": ["T1490"],
        "priority": "CRITICAL",
        "enabled": True,
    }
    assert (told["version"], told["mode"], told["required_engine_version"]) == ("1.2.0", "overlay", "0.57.0")


def test_it_makes_the_same_bytes_in_another_process():
    code = (
        "from rules_export.archives.packing import sha256, tar_gz\n"
        "from rules_export.artifacts.pack_files import pack_files\n"
        "from tests.rules_export.artifacts.packs import PACK, always, made\n"
        "print(sha256(tar_gz(pack_files(PACK, made(), [], always))))"
    )
    env = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "HOME": "/", "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == sha256(tar_gz(pack_files(PACK, made(), [], always)))


def test_it_says_which_files_a_large_pack_cannot_have():
    large = replace(made(), text=made().text + "#" * CONFIG_MAP_LIMIT)
    found = {one.path: one.data for one in pack_files(PACK, large, [], always)}
    omitted = json.loads(found["manifest.json"])["omitted"]
    assert list(omitted) == [
        "helm/values.yaml", "kubernetes/configmap.yaml", "kubernetes/rulesfile-v0.1.yaml", "kubernetes/rulesfile.yaml",
    ]  # fmt: skip
    assert "less than 1 MiB" in omitted["helm/values.yaml"]
    assert [path for path in found if path.startswith(("helm/", "kubernetes/"))] == [
        "kubernetes/rulesfile-oci-v0.1.yaml", "kubernetes/rulesfile-oci.yaml",
    ]  # fmt: skip
    words = found["README.md"].decode()
    assert "install.refs={falco-rules:latest,ghcr.io/acme/harbour-recovery:1.2.0}" in words
    assert "kubectl apply -n falco -f kubernetes/rulesfile-oci.yaml" in words
    assert ("values.yaml" in words, "kubernetes/rulesfile.yaml" in words) == (False, False)


def test_it_says_how_to_install_on_every_kind_of_host():
    words = files(sign=bytes)["README.md"].decode()
    for way in ("## Package or systemd", "## Container", "## falcoctl", "## Helm", "## Operator"):
        assert way in words
    assert "--rulesfiles-dir /etc/falco/rules.d" in words
    assert "page *Packs → Keys*" in words
    away = {one.path: one.data for one in pack_files(replace(PACK, registry="", repository=""), made(), [], always)}
    assert "rulesfile-oci" not in away["README.md"].decode()
    assert "Keys" not in away["README.md"].decode()


def test_the_operator_pulls_what_the_registry_has():
    told = yaml.safe_load(files()["kubernetes/rulesfile-oci.yaml"])["spec"]["ociArtifact"]
    assert told["image"] == {"repository": "acme/harbour-recovery", "tag": "1.2.0"}
    assert told["registry"] == {"name": "ghcr.io"}


def test_it_shows_rules_to_people_without_mark_up_of_their_own():
    found = files()
    assert "=Somebody reads \\<shadow\\>." in found["CATALOGUE.md"].decode()
    assert "=Somebody reads &lt;shadow&gt;." in found["catalogue.html"].decode()
    assert "'=Somebody reads <shadow>." in found["rules.csv"].decode("utf-8-sig")


def test_it_writes_a_file_that_falco_loads_in_every_place():
    found = files()
    standalone = bundle([member.rule for member in PACK.members], "standalone")
    assert found["falco_rules.local.yaml"] == found["rules.d/50-harbour-recovery.yaml"]
    assert validate([("x.yaml", standalone.text)]).exit_code == 0


def test_it_plays_what_does_no_harm():
    told = suite(PACK.members, always)
    tests = yaml.safe_load(told.text)["tests"]
    assert [(one["rule"], one["steps"][0]["args"]["pathname"]) for one in tests] == [
        ("Disable recovery features", "/dev/null"),
        ("Read shadow", "/etc/shadow"),
    ]
    assert tests[0]["context"]["processes"] == [
        {"exePath": f"{PLACE}/systemctl", "name": "systemctl", "exe": "systemctl", "args": "disable apport.service"}
    ]
    assert {step["args"]["flags"] for one in tests for step in one["steps"]} == {"O_RDONLY"}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({**EXEC, "evt.type": "connect"}, "not asked to play connect"),
        ({**EXEC, "container.id": "3ad7b26ded6d"}, "in a container"),
        ({**EXEC, "proc.name": "../bin/sh"}, "names no program"),
        ({**OPEN, "evt.is_open_write": True}, "for writing"),
        ({}, "an event without a type"),
    ],
)
def test_it_says_what_it_does_not_play(fields, why):
    told = suite([Member(RECOVERY, examples=(Example("x", fields),))], always)
    assert (told.text, told.played) == ("", 0)
    assert why in told.left_out[0][2]


def test_it_plays_nothing_that_the_rule_would_miss():
    told = suite([Member(SHADOW, examples=(Example("x", OPEN),))], lambda rule, fields: PLACE not in str(fields))
    assert told.left_out == (("Read shadow", "x", "the rule looks at where the program lies"),)


def test_it_writes_an_emulation_that_plays_each_members_commands():
    rule = replace(RECOVERY, name='It\'s "odd"; rm -rf /nowhere')
    pack = replace(PACK, members=(Member(rule, emulation=("false", "echo it's me")), Member(SHADOW)))
    text = files(pack)["tests/emulate.sh"].decode()
    assert "Falco should raise: %s" in text
    assert text.count("\nexpect ") == 1
    assert text.count("\nstep user ") == 2
