"""Rules files come out of Mews as they went in: imported, reviewed, approved and released."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.django import TestCase

from rules_export.compare.expansion import differences
from rules_export.verdict.settled import load_settled
from studio.packs.import_proof import prove
from tests.rules_export.write.test_naming import rule_sets

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("MEWS_SHARED", ROOT.parent / "shared"))
VERSIONS = ("1.0.1", "2.0.0", "3.0.1", "3.1.0", "3.2.0", "4.0.0", "5.0.0", "plugins")

#: What broke before: quotes in lists, a macro named like its value, lists of ours under other items, a later change.
FILE = """
- list: package_mgmt_binaries
  items: [rpm, '"75-system-updat"']
- list: networks
  items: ['"10.0.0.0/8"', '"172.16.0.0/12"']
- macro: etckeeper
  condition: (proc.aname = etckeeper or (proc.aname = 50vcs-commit))
- macro: spawned_process
  condition: (evt.type in (execve, execveat))
- macro: never_true
  condition: (evt.num = 0)
- macro: user_known_tools
  condition: (never_true)
- rule: Tool outside the network
  desc: >
    A tool
    with two lines.
  condition: >
    spawned_process and not proc.pname in (package_mgmt_binaries) and not etckeeper and not user_known_tools
    and not fd.snet in (networks)
  output: "First line\\nsecond line | proc=%proc.name"
  priority: INFO
  tags: [host, network]
  exceptions:
    - name: names
      fields: proc.name
      values: [package_mgmt_binaries, 'a, b']
    - name: pairs
      fields: [proc.name, fd.name]
      comps: [in, startswith]
      values:
        - [[package_mgmt_binaries, ' x'], '/etc/']
- rule: "Disabled, with a colon: and spaces "
  desc: d
  condition: evt.type = openat and fd.name = shell_binaries
  output: o
  priority: DEBUG
  enabled: false
  warn_evttypes: false
- macro: user_known_tools
  condition: or proc.name = known
  override:
    condition: append
- list: networks
  items: ['"192.168.0.0/16"']
  override:
    items: append
"""


@pytest.mark.django_db
def test_a_file_with_everything_that_broke_comes_out_as_it_went_in() -> None:
    proof = prove([("rules.yaml", FILE)])
    assert proof.holds, (proof.refused, proof.differences)
    assert (proof.rules, differences([("rules.yaml", FILE)], [("out.yaml", proof.text)])) == (2, [])


@pytest.mark.django_db
def test_a_rule_that_falco_rejects_is_named_and_the_others_are_released() -> None:
    broken = FILE + "- rule: Broken\n  desc: d\n  condition: proc.nme = x\n  output: o\n  priority: NOTICE\n"
    proof = prove([("rules.yaml", broken)])
    assert [refusal.rule for refusal in proof.refused] == ["Broken"]
    assert proof.text
    assert proof.differences == ()


class GeneratedRuleSets(TestCase):
    """Whatever a rules file defines, its rules come out as they went in."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(rule_sets())
    def test_generated_rule_sets_come_out_as_they_went_in(self, text: str) -> None:
        loaded = load_settled([("rules.yaml", text)])
        if any(result.errors for result in loaded.results):
            return
        proof = prove([("rules.yaml", text)])
        assert proof.holds, (text, proof.text, proof.refused, proof.differences)


@pytest.mark.django_db
@pytest.mark.any_database
@pytest.mark.skipif(not (SHARED / "upstream").is_dir(), reason="needs the Falco project's rule sets")
@pytest.mark.parametrize("version", VERSIONS)
def test_official_rule_sets_come_out_as_they_went_in(version: str) -> None:
    paths = (SHARED / "upstream" / version).glob("*.yaml")
    paths = sorted(paths, key=lambda path: (path.name != "falco_rules.yaml", path))
    proof = prove([(path.name, path.read_text(encoding="utf-8")) for path in paths])
    assert proof.rules > 60
    assert proof.holds, (proof.refused[:3], [one.message for one in proof.differences[:3]])


def test_the_command_works_in_a_database_of_its_own(tmp_path: Path) -> None:
    source, output = tmp_path / "rules.yaml", tmp_path / "out.yaml"
    source.write_text(FILE, encoding="utf-8")
    command = [sys.executable, "manage.py", "prove_import", str(source), "--output", str(output), "--json"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "studio.settings", "VAR_DIR": str(tmp_path / "var")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"rules": 2, "equal": 2, "refused": [], "differences": []}
    assert differences([("rules.yaml", FILE)], [("out.yaml", output.read_bytes())]) == []


def test_the_command_says_what_it_cannot_read(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "manage.py",
        "prove_import",
        str(tmp_path / "gone.yaml"),
        "--output",
        str(tmp_path / "o"),
    ]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "studio.settings", "VAR_DIR": str(tmp_path / "var")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 2
    assert "gone.yaml cannot be read" in done.stderr
