"""Every shape in which Falco's users deploy rules, read back by other readers than ours."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
import yaml

from rules_export.archives.packing import sha256
from rules_export.archives.unpacking import unpacked
from rules_export.artifacts.falcoctl import IndexEntry, index
from rules_export.artifacts.kubernetes import (
    CONFIG_MAP_LIMIT,
    config_map,
    helm_values,
    object_name,
    old_rulesfile,
    old_rulesfile_of_image,
    rulesfile,
    rulesfile_of_config_map,
    rulesfile_of_image,
)
from rules_export.artifacts.navigator import LayerTechnique, layer
from rules_export.artifacts.oci import image, semver_engine, tags
from rules_export.artifacts.sarif import FINGERPRINT, Tool, sarif
from rules_export.artifacts.table import csv_bytes
from rules_export.errors import EmitError
from rules_export.findings import Finding, Severity
from rules_export.ruleset.model import PluginVersion
from tests.rules_export.artifacts.packs import made

TEXT = made().text
RULES = yaml.safe_load(TEXT)


def test_it_lays_out_an_image_as_falcoctl_pulls_it():
    plugins = [PluginVersion("json", "0.7.3"), PluginVersion("container", "0.2.0", (PluginVersion("x", "1.0.0"),))]
    built = image("harbour", "1.4.2", "harbour.yaml", TEXT, "0.57.0", plugins)
    files = unpacked(built.tar)
    told = json.loads(files["index.json"])
    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    names = [one["annotations"]["org.opencontainers.image.ref.name"] for one in told["manifests"]]
    assert names == ["1.4.2", "1.4", "1", "latest"]
    manifest = json.loads(files[f"blobs/sha256/{told['manifests'][0]['digest'].removeprefix('sha256:')}"])
    assert manifest["config"]["mediaType"] == "application/vnd.cncf.falco.rulesfile.config.v1+json"
    assert "annotations" not in manifest["config"]
    [about] = manifest["layers"]
    assert about["mediaType"] == "application/vnd.cncf.falco.rulesfile.layer.v1+tar.gz"
    assert about["annotations"] == {"org.opencontainers.image.title": "harbour.yaml.tar.gz"}
    blob = files[f"blobs/sha256/{about['digest'].removeprefix('sha256:')}"]
    assert (len(blob), sha256(blob)) == (about["size"], about["digest"].removeprefix("sha256:"))
    assert unpacked(blob) == {"harbour.yaml": TEXT.encode()}
    assert json.loads(built.config) == {
        "name": "harbour",
        "version": "1.4.2",
        "dependencies": [
            {"name": "container", "version": "0.2.0", "alternatives": [{"name": "x", "version": "1.0.0"}]},
            {"name": "json", "version": "0.7.3"},
        ],
        "requirements": [{"name": "engine_version_semver", "version": "0.57.0"}],
    }


def test_it_names_a_release_as_oci_users_ask_for_it():
    assert tags("2.0.1") == ("2.0.1", "2.0", "2", "latest")
    assert tags("2.0.1-rc.1") == ("2.0.1-rc.1",)
    assert semver_engine("31") == "0.31.0"


@pytest.mark.parametrize(("name", "version"), [("Harbour", "1.0.0"), ("1x", "1.0.0"), ("x", "1.0"), ("x", "v1.0.0")])
def test_it_refuses_names_and_versions_that_falcoctl_refuses(name, version):
    with pytest.raises(EmitError):
        image(name, version, "x.yaml", TEXT, "0.57.0")


def test_it_carries_the_same_text_into_a_cluster():
    assert yaml.safe_load(helm_values("harbour.yaml", TEXT)) == {"customRules": {"harbour.yaml": TEXT}}
    told = yaml.safe_load(config_map("harbour", TEXT))
    assert (told["kind"], told["metadata"]["name"], told["data"]) == ("ConfigMap", "harbour", {"rules.yaml": TEXT})


def test_it_carries_the_same_rules_into_the_operator():
    told = yaml.safe_load(rulesfile("harbour", TEXT, priority=60))
    assert (told["apiVersion"], told["kind"]) == ("artifact.falcosecurity.dev/v1alpha1", "Rulesfile")
    assert told["spec"] == {"priority": 60, "inlineRules": RULES}
    assert yaml.safe_load(rulesfile_of_config_map("harbour"))["spec"]["configMapRef"] == {"name": "harbour"}
    source = yaml.safe_load(rulesfile_of_image("harbour", "ghcr.io", "acme/harbour", "1.10"))["spec"]["ociArtifact"]
    assert source == {"image": {"repository": "acme/harbour", "tag": "1.10"}, "registry": {"name": "ghcr.io"}}


@pytest.mark.parametrize(
    "text", ["- a: 'b'\n", "- a: b", " leading\n", "\nempty first\n", "odd \x07 char\n", "a\n\n b\n"]
)
def test_it_keeps_any_text_in_a_block(text):
    assert yaml.safe_load(helm_values("x.yaml", text))["customRules"]["x.yaml"].rstrip("\n") == text.rstrip("\n")


def test_it_refuses_a_file_that_no_config_map_holds():
    largest = "x" * (CONFIG_MAP_LIMIT - 1)
    assert config_map("harbour", largest)
    for write in (config_map, rulesfile):
        with pytest.raises(EmitError, match=r"less than 1 MiB, and the rules file has 1\.0 MiB"):
            write("harbour", largest + "x")


@pytest.mark.parametrize(("name", "priority"), [("Harbour", 50), ("a" * 64, 50), ("-a", 50), ("a", 100), ("a", -1)])
def test_it_refuses_what_kubernetes_refuses(name, priority):
    with pytest.raises(EmitError):
        rulesfile(name, TEXT, priority)


def test_it_makes_a_name_that_kubernetes_takes():
    assert [object_name(text) for text in ("My Pack", "__x", "ÄÖ", "a" * 70)] == ["my-pack", "x", "rules", "a" * 63]


def test_it_enters_the_index():
    entries = [
        IndexEntry("b", "ghcr.io", "acme/b"),
        IndexEntry(
            "a", "ghcr.io", "acme/a", "What: it is", "https://x", ("k",), "Apache-2.0", (("Mai", "m@x"),), ("s",)
        ),
    ]
    told = yaml.safe_load(index(entries))
    assert told[1] == {"name": "b", "type": "rulesfile", "registry": "ghcr.io", "repository": "acme/b"}
    assert (told[0]["description"], told[0]["maintainers"]) == ("What: it is", [{"email": "m@x", "name": "Mai"}])
    assert index([]) == ""


def test_it_draws_a_layer_that_mitres_own_reader_takes():
    from mitreattack.navlayers.core.layer import Layer

    data = layer(
        "Harbour",
        [
            LayerTechnique("T1490", 2, "two rules", "impact", (("Rules", "A; B"),)),
            LayerTechnique("T1003.008", 1),
            LayerTechnique("T1003", 0),
        ],
        description="Ours",
        attack_version="18.1",
        platforms=["Linux"],
    )
    mine = json.loads(data)
    theirs = Layer(mine, strict=True).to_dict()
    assert theirs is not None
    assert (mine["versions"], mine["domain"]) == (
        {"attack": "18", "navigator": "5.1.0", "layer": "4.5"},
        "enterprise-attack",
    )
    by_id = {one["techniqueID"]: one for one in theirs["techniques"]}
    assert (by_id["T1490"]["score"], by_id["T1490"]["tactic"]) == (2, "impact")
    assert [one["showSubtechniques"] for one in mine["techniques"]] == [True, False, False]
    assert mine["gradient"]["maxValue"] == 2


def test_it_shows_no_spreadsheet_a_formula():
    data = csv_bytes(["a", "b"], [['=HYPERLINK("x")', 3], ["+1", "-2"], ["plain, with comma", "@x"]])
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows == [["a", "b"], ['\'=HYPERLINK("x")', "3"], ["'+1", "'-2"], ["plain, with comma", "'@x"]]


def test_it_points_findings_at_their_lines():
    findings = [
        Finding("MEWS_A", Severity.ADVICE, "Say more.", "output", "Read shadow", hint="Name the user."),
        Finding("MEWS_A", Severity.WARNING, "Whole rule.", "name", "Disable recovery features"),
        Finding("LOAD_X", Severity.ERROR, "Whole file.", "file"),
        Finding("MEWS_B", Severity.ADVICE, "No such rule.", "tags", "Nobody"),
    ]
    [run] = json.loads(sarif(findings, "falco_rules.local.yaml", TEXT, Tool("Mews", "0.1.0")))["runs"]
    lines = TEXT.split("\n")
    seen = [one["locations"][0]["physicalLocation"]["region"]["startLine"] for one in run["results"]]
    assert lines[seen[0] - 1] == "  output: Shadow read | file=%fd.name"
    assert lines[seen[1] - 1] == "- rule: Disable recovery features"
    assert seen[2:] == [1, 1]
    assert [one["level"] for one in run["results"]] == ["note", "warning", "error", "note"]
    assert run["results"][0]["message"]["text"] == "Say more. Name the user."
    assert [run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] for one in run["results"]] == [
        one.code for one in findings
    ]


def test_sarif_carries_the_version_of_the_tool_and_what_each_code_means():
    findings = [
        Finding("MEWS_EVENT_BUSY", Severity.ADVICE, "A busy call.", "condition", "Read shadow"),
        Finding("MEWS_EVENT_BUSY", Severity.ADVICE, "A busy call.", "condition", "Read shadow"),
        Finding("LOAD_NO_EVTTYPE", Severity.WARNING, "LOAD_NO_EVTTYPE", "condition", "Disable recovery features"),
    ]
    tool = Tool("Mews", "0.1.0", "https://mews.example")
    whole = json.loads(sarif(findings, "falco_rules.local.yaml", TEXT, tool, "harbour/1.2.0"))
    assert (whole["version"], whole["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    [run] = whole["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"], driver["semanticVersion"]) == ("Mews", "0.1.0", "0.1.0")
    assert (driver["informationUri"], run["automationDetails"]) == ("https://mews.example", {"id": "harbour/1.2.0"})
    falcos, ours = driver["rules"]
    assert (ours["id"], ours["name"]) == ("MEWS_EVENT_BUSY", "EventBusy")
    assert ours["shortDescription"]["text"] == "A busy system call without anything that narrows it"
    assert all([ours["fullDescription"]["text"], ours["help"]["text"], ours["help"]["markdown"]])
    assert ours["helpUri"] == "https://mews.example/lints/MEWS_EVENT_BUSY/"
    assert ours["defaultConfiguration"] == {"level": "note"}
    assert ours["properties"] == {"tags": ["falco", "events"], "problem.severity": "recommendation"}
    assert falcos["helpUri"].startswith("https://falco.org/docs/")
    assert falcos["defaultConfiguration"] == {"level": "warning"}
    assert [driver["rules"][one["ruleIndex"]]["id"] for one in run["results"]] == [one.code for one in findings]
    marks = [one["partialFingerprints"][FINGERPRINT] for one in run["results"]]
    assert len(set(marks)) == 3
    moved = json.loads(sarif(findings, "falco_rules.local.yaml", f"# a line more\n{TEXT}", tool))["runs"][0]["results"]
    assert [one["partialFingerprints"][FINGERPRINT] for one in moved] == marks
    assert moved[0]["locations"] != run["results"][0]["locations"]


def test_sarif_names_no_address_where_no_studio_is_known():
    found = [Finding("MEWS_EVENT_BUSY", Severity.ADVICE, "A busy call.", "condition", "Read shadow")]
    driver = json.loads(sarif(found, "x.yaml", TEXT, Tool("Mews", "0.1.0")))["runs"][0]["tool"]["driver"]
    assert "informationUri" not in driver
    assert "helpUri" not in driver["rules"][0]


def test_an_image_carries_the_standard_annotations():
    about = {"title": "Harbour", "created": "2026-11-24T10:00:00Z", "licenses": "", "revision": "sha256:ab"}
    manifest = json.loads(image("harbour", "1.4.2", "harbour.yaml", TEXT, "0.57.0", (), about).manifest)
    assert manifest["annotations"] == {
        "org.opencontainers.image.created": "2026-11-24T10:00:00Z",
        "org.opencontainers.image.revision": "sha256:ab",
        "org.opencontainers.image.title": "Harbour",
        "org.opencontainers.image.version": "1.4.2",
    }


def test_a_rulesfile_says_which_operator_it_fits_and_there_is_one_for_the_older():
    new, old = rulesfile("harbour", TEXT), old_rulesfile("harbour", TEXT)
    assert new.startswith("# For falco-operator 0.2.0 or later.\n")
    assert old.startswith("# For falco-operator 0.1.x")
    fits = [yaml.safe_load(text)["metadata"]["annotations"]["mews.falco-operator-version"] for text in (new, old)]
    assert fits == [">=0.2.0", ">=0.1.0 <0.2.0"]
    assert {yaml.safe_load(text)["apiVersion"] for text in (new, old)} == {"artifact.falcosecurity.dev/v1alpha1"}
    assert yaml.safe_load(new)["spec"]["inlineRules"] == RULES
    assert yaml.safe_load(old)["spec"] == {"priority": 50, "inlineRules": TEXT}
    pulled = yaml.safe_load(old_rulesfile_of_image("harbour", "ghcr.io", "acme/harbour", "1.10"))
    assert pulled["spec"]["ociArtifact"] == {"reference": "ghcr.io/acme/harbour:1.10"}
    with pytest.raises(EmitError):
        old_rulesfile("harbour", "x" * CONFIG_MAP_LIMIT)


def test_it_replaces_nothing_of_a_frozen_plugin():
    """Alternatives of a dependency are sorted, whatever order they come in."""
    odd = PluginVersion("k8saudit", "0.7.0", (PluginVersion("z", "1.0.0"), PluginVersion("a", "1.0.0")))
    one, other = (
        image("x", "1.0.0", "x.yaml", TEXT, "", [plugin])
        for plugin in (odd, replace(odd, alternatives=odd.alternatives[::-1]))
    )
    assert one.digest == other.digest
