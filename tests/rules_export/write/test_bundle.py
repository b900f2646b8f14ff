"""Rules as one file that Falco loads without a warning."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules_export.catalog.macros import LISTS, MACROS
from rules_export.errors import EmitError
from rules_export.findings import Severity
from rules_export.ruleset.model import List, Macro, PluginVersion, Rule, RuleException
from rules_export.verdict.loading import Verdict, load_ruleset, validate
from rules_export.write.bundle import bundle

ARTICLE = Rule(
    name="Disable recovery features",
    condition=(
        '(spawned_process and proc.name = "rm" and proc.args contains "-rf") or '
        '(spawned_process and proc.name = "chattr" and proc.args contains "+i") or '
        '(spawned_process and proc.name = "mkfs.ext4" and proc.args contains "-E nodiscard") or '
        '(spawned_process and proc.name = "mount" and proc.args contains "remount,ro") or '
        '(spawned_process and proc.name = "systemctl" and proc.args contains "disable systemd-backlight@.service") or '
        '(spawned_process and proc.name = "systemctl" and proc.args contains "disable apport.service")'
    ),
    output="Disabling recovery features so that system becomes non recoverable in case of failure.",
    desc="Detects disabling system recovery features by deleting or disabling services and commands.",
    priority="CRITICAL",
    tags=("mitre_impact", "inhibit_system_recovery", "T1490"),
    exceptions=(RuleException("root", "user.name", "in", ("root",)),),
)
SHELL = replace(
    ARTICLE,
    name="Shell in a container",
    condition="spawned_process and container and shell_procs and proc.pname in (package_mgmt_binaries)",
    exceptions=(RuleException("callers", "proc.pname", "in", ("cron_binaries",)),),
)


def clean(verdict: Verdict) -> bool:
    return verdict.fatal is None and not any(result.errors or result.warnings for result in verdict.results)


def test_it_writes_the_rule_of_the_article_standalone() -> None:
    made = bundle([ARTICLE], "standalone", made_by="Mews 0.1")
    rules, verdict = load_ruleset([("rules.yaml", made.text)])
    assert clean(verdict)
    assert [macro.name for macro in rules.macros] == ["spawned_process"]
    assert set(rules.rules[0].tags) == set(ARTICLE.tags)
    assert rules.rules[0].exceptions == ARTICLE.exceptions
    assert made.required_engine_version == "0.57.0"
    assert made.required_plugin_versions == ()
    assert made.text.startswith("# Rules for Falco, made by Mews 0.1.\n# It stands by itself")


def test_it_leaves_to_upstream_what_upstream_defines() -> None:
    made = bundle([ARTICLE], "overlay")
    assert (made.macros, made.lists, made.assumed) == ((), (), ("spawned_process",))
    assert "- macro:" not in made.text
    assert "# Load it after falco_rules.yaml of the Falco project (written for version 5.1.0)" in made.text
    assert not validate([("rules.yaml", made.text)]).results[0].successful


def test_it_brings_along_what_upstream_lacks() -> None:
    rule = replace(ARTICLE, condition="create_file and tmp_dir and not proc.name in (archive_binaries)")
    made = bundle([rule], "overlay")
    assert [macro.name for macro in made.macros] == ["create_file", "tmp_dir"]
    assert [listed.name for listed in made.lists] == ["archive_binaries"]
    assert made.assumed == ()
    assert clean(validate([("rules.yaml", made.text)]))


def test_it_brings_along_what_only_its_own_macros_need_of_upstream() -> None:
    own = Macro("our_shells", "spawned_process and shell_procs")
    made = bundle([replace(ARTICLE, condition="our_shells and proc.args contains x")], macros=[own])
    assert made.macros == (own,)
    assert made.assumed == ("shell_procs", "spawned_process")


def test_it_takes_a_teams_own_macros_before_the_librarys() -> None:
    own = Macro("spawned_process", "evt.type in (execve, execveat) and evt.rawres >= 0")
    made = bundle([ARTICLE], "overlay", macros=[own])
    assert made.macros == (own,)
    assert made.assumed == ()


def test_it_counts_on_more_upstream_files_if_told() -> None:
    rule = replace(ARTICLE, condition="modify and fd.name startswith /etc/")
    assert bundle([rule]).assumed == ()
    files = ("falco_rules.yaml", "falco-incubating_rules.yaml")
    made = bundle([rule], upstream_files=files)
    assert made.assumed == ("modify",)
    assert "falco_rules.yaml and falco-incubating_rules.yaml" in made.text


def test_it_puts_lists_before_macros_before_rules_each_after_what_it_needs() -> None:
    made = bundle([SHELL], "standalone")
    names = [
        line.split(": ")[1] for line in made.text.splitlines() if line.startswith(("- list:", "- macro:", "- rule:"))
    ]
    assert names[-4:] == ["spawned_process", "container", "shell_procs", "Shell in a container"]
    assert names.index("deb_binaries") < names.index("package_mgmt_binaries") < names.index("spawned_process")
    assert "cron_binaries" in names
    assert clean(validate([("rules.yaml", made.text)]))


def test_it_needs_the_container_plugin_where_its_fields_are_used() -> None:
    plugin = (PluginVersion("container", "0.4.0"),)
    assert bundle([SHELL]).required_plugin_versions == plugin
    told = replace(ARTICLE, output="Recovery disabled in %k8s.pod.name")
    assert bundle([told]).required_plugin_versions == plugin
    spared = replace(ARTICLE, exceptions=(RuleException("i", "container.image.repository", "in", ("x",)),))
    made = bundle([spared])
    assert made.required_plugin_versions == plugin
    assert "container.image.repository comes from the container plugin since Falco 0.41." in made.text


@pytest.mark.parametrize(
    ("condition", "engine", "reason"),
    [
        ("spawned_process and proc.name = a", "0.57.0", "without evt.dir"),
        ("spawned_process and proc.args startswith anyof (a, b)", "0.62.0", "modifier anyof"),
        ("evt.type = mseal and proc.name = a", "0.57.0", "without evt.dir"),
    ],
)
def test_it_states_the_lowest_engine_with_its_reason(condition: str, engine: str, reason: str) -> None:
    made = bundle([replace(ARTICLE, condition=condition)], "standalone")
    assert made.required_engine_version == engine
    assert made.reasons[0].reason.startswith(reason)
    assert f"- required_engine_version: {engine}" in made.text


def test_it_asks_for_the_plugin_of_another_source() -> None:
    rule = replace(ARTICLE, condition="ka.verb = delete", source="k8s_audit", exceptions=())
    made = bundle([rule], "standalone")
    assert made.required_plugin_versions == (PluginVersion("k8saudit", "0.1.0"),)


def test_it_gives_the_same_bytes_for_equal_rules() -> None:
    assert bundle([SHELL, ARTICLE]) == bundle([replace(SHELL), replace(ARTICLE)])


def test_it_carries_a_note_on_top() -> None:
    made = bundle([ARTICLE], made_by="Mews\n- rule: x", note="For the payment team.\nReviewed by Ada.")
    assert made.text.startswith(
        "# Rules for Falco, made by Mews - rule: x.\n# For the payment team.\n# Reviewed by Ada.\n"
    )


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"condition": "spawned_process and proc.nme = rm"}, "LOAD_ERR_COMPILE_CONDITION", "condition"),
        ({"condition": "spawned_process and ("}, "LOAD_ERR_COMPILE_CONDITION", "condition"),
        ({"condition": "spawnd_process"}, "LOAD_ERR_VALIDATE", "condition"),
        ({"output": "%no.such"}, "LOAD_ERR_COMPILE_OUTPUT", "output"),
        ({"priority": "URGENT"}, "LOAD_ERR_YAML_VALIDATE", "priority"),
        ({"condition": "proc.name = rm", "exceptions": ()}, "LOAD_NO_EVTTYPE", "file"),
        ({"exceptions": (RuleException("e", "no.such", "in", ("x",)),)}, "LOAD_ERR_VALIDATE", "exceptions"),
    ],
)
def test_it_refuses_what_falco_would_not_load_cleanly(change: dict[str, object], code: str, place: str) -> None:
    with pytest.raises(EmitError) as caught:
        bundle([replace(ARTICLE, **change)])  # type: ignore[arg-type]
    found = caught.value.findings[0]
    assert (found.code, found.place, found.item) == (code, place, ARTICLE.name)
    assert found.severity is (Severity.WARNING if code == "LOAD_NO_EVTTYPE" else Severity.ERROR)
    assert found.message in caught.value.message


def test_it_refuses_nothing_and_the_impossible() -> None:
    with pytest.raises(EmitError, match="no rule"):
        bundle([])
    with pytest.raises(EmitError, match="Two rules are named Disable recovery features"):
        bundle([ARTICLE, SHELL, replace(ARTICLE, desc="Another.")])
    rule = replace(ARTICLE, condition="evt.type = open and syslog.message = x and container.label[a] = b")
    with pytest.raises(EmitError, match=r"No release of Falco .* syslog\.message"):
        bundle([rule])


def test_it_tells_a_circle_of_macros() -> None:
    macros = [Macro("a", "b"), Macro("b", "a")]
    with pytest.raises(EmitError, match="macro"):
        bundle([replace(ARTICLE, condition="a")], macros=macros)


@pytest.mark.parametrize("name", MACROS)
def test_every_macro_of_the_library_loads(name: str) -> None:
    """Each in a rule of its own, so that fields, operators and values are checked too."""
    condition = f"evt.type in (open, execve) and {name}"
    made = bundle([replace(ARTICLE, condition=condition, exceptions=())], "standalone")
    assert name in [macro.name for macro in made.macros]
    uses_container = any(field in made.text for field in ("container.", "k8s."))
    assert bool(made.required_plugin_versions) == uses_container


@pytest.mark.parametrize("name", LISTS)
def test_every_list_of_the_library_loads(name: str) -> None:
    field = "fd.sport" if name.endswith("ports") else "fd.snet" if name.endswith("addresses") else "proc.name"
    rule = replace(ARTICLE, condition=f"spawned_process and {field} in ({name})", exceptions=())
    assert name in [listed.name for listed in bundle([rule], "standalone").lists]


def test_it_takes_lists_of_ones_own() -> None:
    rule = replace(ARTICLE, condition="spawned_process and proc.name in (our_tools)")
    made = bundle(
        [rule], lists=[List("our_tools", ("a b", "(x)", "shell_binaries"))][:1] and [List("our_tools", ("a b",))]
    )
    assert made.lists == (List("our_tools", ("a b",)),)
