"""The studio's lints: each says something about its bad example and nothing about its good one."""

from __future__ import annotations

import re
import runpy
from dataclasses import replace
from functools import reduce

import pytest

from rules_export.findings import Finding, Severity
from rules_export.language.extent import text_of
from rules_export.language.parser import parse
from rules_export.lints.explanations import explained
from rules_export.lints.registry import EXAMPLE, EXAMPLE_CONTEXT, Lint, lint, lints
from rules_export.lints.runner import LintContext, studio_checks
from rules_export.ruleset.model import Rule, RuleException
from tests.rules_export.lints.linted import LIBRARY, ROOT, codes, repaired

ARTICLE = Rule(
    name="Disable recovery features",
    condition="\n".join(
        [
            '(spawned_process and proc.name = "rm" and proc.args contains "-rf") or',
            '(spawned_process and proc.name = "chattr" and proc.args contains "+i") or',
            '(spawned_process and proc.name = "mkfs.ext4" and proc.args contains "-E nodiscard") or',
            '(spawned_process and proc.name = "mount" and proc.args contains "remount,ro") or',
            '(spawned_process and proc.name = "systemctl" and proc.args contains "disable apport.service")',
        ]
    ),
    output="Disabling recovery features so that system becomes non recoverable in case of failure. | user=%user.name",
    desc="Detects disabling system recovery features by deleting or disabling services and commands.",
    priority="CRITICAL",
    tags=("mitre_impact", "inhibit_system_recovery", "T1490"),
    exceptions=(RuleException("root", "user.name", "in", ("root",)),),
)


def with_condition(condition: str) -> list[Finding]:
    return studio_checks(replace(EXAMPLE, condition=condition), LIBRARY)


@pytest.mark.parametrize("one", lints(), ids=lambda one: one.code)
def test_it_complains_about_its_bad_example_only(one: Lint) -> None:
    bad, good = (replace(EXAMPLE, **example) for example in (one.bad, one.good))  # type: ignore[arg-type]
    found = [finding for finding in studio_checks(bad, EXAMPLE_CONTEXT) if finding.code == one.code]
    assert found
    assert {finding.place for finding in found} == {one.place}
    assert one.code not in codes(studio_checks(good, EXAMPLE_CONTEXT))


@pytest.mark.parametrize("one", lints(), ids=lambda one: one.code)
def test_it_speaks_as_agreed(one: Lint) -> None:
    assert re.fullmatch(r"MEWS_[A-Z_]+", one.code)
    assert one.severity is not Severity.ERROR
    assert one.title[0].isupper() or one.title.startswith("`")
    assert not one.title.endswith(".")
    assert one.hint.endswith((".", "…", "'"))
    for finding in studio_checks(replace(EXAMPLE, **one.bad), EXAMPLE_CONTEXT):  # type: ignore[arg-type]
        assert finding.message.endswith((".", "?"))
        assert "!" not in finding.message.replace("!=", "")


def test_there_are_enough_of_them_and_of_their_fixes() -> None:
    assert len(lints()) >= 60
    assert sum(1 for one in lints() if explained(one).fix) >= 25


def test_it_says_nothing_about_the_example() -> None:
    assert studio_checks(EXAMPLE, EXAMPLE_CONTEXT) == []


def test_it_says_nothing_about_the_rule_of_the_article() -> None:
    assert studio_checks(ARTICLE, LIBRARY) == []


def test_it_points_at_the_place() -> None:
    condition = "spawned_process and (proc.name = /usr/bin/rm or fd.name = ü) and not proc.name != dd"
    found = {finding.code: finding for finding in with_condition(condition)}
    spans = {code: text_of(condition, finding.span) for code, finding in found.items() if finding.span}
    assert spans["MEWS_PROCESS_NAME_PATH"] == "proc.name = /usr/bin/rm"
    assert spans["MEWS_DOUBLE_NEGATION"] == "not proc.name != dd"
    assert found["MEWS_PROCESS_NAME_PATH"].span.start.column == 22  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("open_write and fd.name = /a and evt.type = unlink", "MEWS_CONTRADICTION"),
        ("spawned_process and proc.name in (a, b) and not proc.name in (b, a)", "MEWS_CONTRADICTION"),
        ("spawned_process and proc.name = rm and proc.name startswith x", "MEWS_CONTRADICTION"),
        ("spawned_process and shell_procs and proc.name = rm", "MEWS_CONTRADICTION"),
        ("spawned_process and proc.name = rm and (proc.name = dd or proc.args contains x)", "MEWS_CONTRADICTION"),
        ("spawned_process and fd.name startswith /a/ and fd.name startswith /b/", "MEWS_CONTRADICTION"),
        ("spawned_process and never_true", "MEWS_NEVER_HOLDS"),
        ("not evt.type in (open) and proc.name = rm", "MEWS_EVENT_TYPE_NEGATIVE"),
        ("proc.name = rm or proc.name = dd", "MEWS_NO_EVENT_TYPE"),
        ("spawned_process or proc.name = rm", "MEWS_NO_EVENT_TYPE"),
        ("open_read", "MEWS_EVENT_BUSY"),
        ("evt.type = creat and fd.name = passwd", "MEWS_PATH_NOT_ABSOLUTE"),
        ("evt.type in (read, readv) and fd.name = /x", "MEWS_EVENT_IGNORED"),
        ("spawned_process and proc.name in (shell_binarys_files)", "MEWS_UNKNOWN_LIST"),
        ("open_read and fd.name = '/etc/*.conf'", "MEWS_WILDCARD_WITHOUT_GLOB"),
        ("spawned_process and proc.args contains ;rm", "MEWS_VALUE_UNQUOTED"),
        ("spawned_process and (proc.name = rm or (proc.name = dd and proc.args in ()))", "MEWS_NEVER_HOLDS"),
        ("spawned_process and (proc.name = rm or (evt.type = open and proc.name = dd))", "MEWS_CONTRADICTION"),
        ("spawned_process and proc.args = and", "MEWS_VALUE_UNQUOTED"),
        ("spawned_process and proc.pcmdline = '/usr/bin/puppet apply'", "MEWS_COMMAND_LINE_PATH"),
        ("spawned_process and toupper(proc.name) in (RM, dd)", "MEWS_CASE_AFTER_FOLDING"),
        ("open_write and evt.num > 0 and fd.name = /x", "MEWS_CLAUSE_ALWAYS_TRUE"),
        ("outbound and (fd.sport = 22 or fd.sport in (22, 23))", "MEWS_ALTERNATIVE_COVERED"),
        ("spawned_process and proc.cmdline regex '.*disable apport.*'", "MEWS_REGEX_SIMPLE"),
        ("evt.type in (openn, openat) and fd.name = /x", "MEWS_EVENT_TYPE_MISSPELT"),
        ("spawned_process and container and k8s.ns.name != kube-system", "MEWS_NOTHING_ASKED_FOR"),
        ("container and spawned_process and proc.name = sh", "MEWS_EVENT_TYPE_NOT_FIRST"),
        ("spawned_process and not container.id = host and proc.name = sh", "MEWS_HOST_EXCLUDED"),
        ("spawned_process and not not proc.name = sh", "MEWS_DOUBLE_NEGATION"),
        ("spawned_process and not (not (proc.name = sh or proc.tty = 0))", "MEWS_DOUBLE_NEGATION"),
        ("dropped_binary or (open_write and container and fd.name = /x)", "MEWS_HOST_EXCLUDED"),
    ],
)
def test_it_finds_the_less_obvious(condition: str, code: str) -> None:
    assert code in codes(with_condition(condition))


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("spawned_process and proc.aname = a and proc.aname = b", "MEWS_CONTRADICTION"),
        ("spawned_process and proc.aname[2] = a and proc.aname[3] = b", "MEWS_CONTRADICTION"),
        ("spawned_process and proc.name != a and proc.name != b", "MEWS_CONTRADICTION"),
        ("spawned_process and (proc.name = a or proc.name = b)", "MEWS_CONTRADICTION"),
        ("spawned_process and proc.name = rm and not never_true", "MEWS_NEVER_HOLDS"),
        ("spawned_process and proc.name = mkfs.ext4", "MEWS_PATH_NOT_ABSOLUTE"),
        ("outbound and fd.name contains '1.2.3.4:22->'", "MEWS_PATH_NOT_ABSOLUTE"),
        ("inbound and fd.name startswith 10.0.0.1", "MEWS_PATH_NOT_ABSOLUTE"),
        ("unknown_macro and proc.name = rm", "MEWS_NO_EVENT_TYPE"),
        ("open_write and fd.name contains /backup/", "MEWS_CONTAINS_FOR_PATH"),
        ("spawned_process and (not proc.pname exists or proc.pname = x)", "MEWS_OR_NEGATION"),
        ("spawned_process and proc.name in (shell_binaries)", "MEWS_UNKNOWN_LIST"),
        ("spawned_process and ((proc.name = a and proc.args = x) or proc.name = b)", "MEWS_MIXED_WITHOUT_PARENTHESES"),
        ("spawned_process and container", "MEWS_NO_EVENT_TYPE"),
        ("open_write and fd.name pmatch ('/etc/*')", "MEWS_WILDCARD_WITHOUT_GLOB"),
        ("spawned_process and proc.args contains ';rm'", "MEWS_VALUE_UNQUOTED"),
        ("spawned_process and proc.cmdline contains /usr/bin/puppet", "MEWS_COMMAND_LINE_PATH"),
        ("outbound and (fd.ip = 10.0.0.1 or fd.ip = 10.0.0.2)", "MEWS_OR_OF_EQUALS"),
        ("spawned_process and (proc.name = rm or proc.args = x)", "MEWS_OR_OF_EQUALS"),
        ("spawned_process and proc.env[LD_PRELOAD] exists and proc.env[LD_PRELOAD] != ''", "MEWS_NOTHING_ASKED_FOR"),
        ("evt.type = ptrace and not proc.name = gdb", "MEWS_NOTHING_ASKED_FOR"),
        ("evt.type = execveat and not proc.name = runc", "MEWS_EVENT_FAMILY"),
        ("evt.type = procexit and evt.arg.core = 1", "MEWS_ARGUMENT_NOT_OF_EVENT"),
        ("evt.type in (set_robust_list) and proc.name = x", "MEWS_UNKNOWN_LIST"),
        ("open_write and fd.name contains /lib/", "MEWS_CONTAINS_FOR_PATH"),
        ("open_read and fd.name startswith /etc/sh", "MEWS_STARTSWITH_WITHOUT_SLASH"),
        ("open_read and fd.name endswith .pem", "MEWS_ENDSWITH_WITHOUT_SLASH"),
        ("open_read and fd.name glob '/home/*/.ssh/*'", "MEWS_GLOB_SIMPLE"),
        ("spawned_process and proc.args regex 'a(b|c)'", "MEWS_REGEX_SIMPLE"),
        ("open_read and fd.name = /x", "MEWS_OPEN_FAILED_TOO"),
        ("spawned_process and fd.type = ''", "MEWS_VALUE_NOT_OF_FIELD"),
        ("open_write and fd.name = /x and open_write", "MEWS_MACRO_FITS"),
        ("spawned_process and not proc.pname exists and proc.name = rm", "MEWS_EXCLUSION_NOT_LAST"),
        ("not evt.type != open and proc.name = rm", "MEWS_EVENT_TYPE_NEGATIVE"),
        ("not evt.type != open and proc.name = rm", "MEWS_NO_EVENT_TYPE"),
        ("evt.type != open and proc.name = rm", "MEWS_NO_EVENT_TYPE"),
        ("evt.type != open and proc.name = rm", "MEWS_OPEN_FAILED_TOO"),
        ("not evt.type = open and proc.name = rm", "MEWS_EVENT_FAMILY"),
        ("evt.type = clone and evt.arg.flags contains CLONE_NEWUSER", "MEWS_EVENT_BUSY"),
        ("spawned_process and user.loginuid != -1 and not proc.name = apt", "MEWS_NOTHING_ASKED_FOR"),
        ("open_read and not evt.failed = true", "MEWS_NOTHING_ASKED_FOR"),
        ("spawned_process and (not k8s.pod.name exists or container.id != host)", "MEWS_OR_NEGATION"),
        ("spawned_process and (proc.name = rm or not proc.is_exe_writable = true)", "MEWS_OR_NEGATION"),
        ("spawned_process and not proc.pname != sh and proc.name = rm", "MEWS_EXCLUSION_NOT_LAST"),
        ("outbound and fd.sport = 443 and fd.sport = https", "MEWS_CONTRADICTION"),
        ("spawned_process and user.name = '<NA>'", "MEWS_NOT_AVAILABLE_AS_TEXT"),
        ("spawned_process and evt.latency > 5", "MEWS_FIELD_DEPRECATED"),
        ("spawned_process and proc.args contains 'not not a'", "MEWS_DOUBLE_NEGATION"),
        ("dropped_binary or (open_write and fd.name = /x)", "MEWS_HOST_EXCLUDED"),
        ("spawned_process and not container.id != host and proc.name = sh", "MEWS_HOST_EXCLUDED"),
    ],
)
def test_it_does_not_cry_wolf(condition: str, code: str) -> None:
    assert code not in codes(with_condition(condition))


@pytest.mark.parametrize(
    ("condition", "code", "message"),
    [
        (
            "evt.type = open or evt.type = openat",
            "MEWS_EVENT_FAMILY",
            "openat2 does the same as open and openat, and is",
        ),
        ("proc.name = a or proc.name = b", "MEWS_NO_EVENT_TYPE", "Nothing restricts the rule to some event types"),
        ("spawned_process or proc.name = b", "MEWS_NO_EVENT_TYPE", "This alternative asks for no event type"),
        ("spawned_process and fd.name = /x", "MEWS_FIELD_NOT_OF_EVENT", "execve and execveat do not fill fd.name"),
        (
            "open_read and k8s.svc.id = x",
            "MEWS_FIELD_DEPRECATED",
            "k8smeta.svc.uid of the plugin k8smeta takes its place",
        ),
        ("open_read and fd.name contains ''", "MEWS_CLAUSE_ALWAYS_TRUE", "that has the field, as `exists` says"),
        ("open_read and fd.name regex a.c", "MEWS_REGEX_SIMPLE", "if the full stop means itself"),
        (
            "a_macro and proc.name = x or b_macro and proc.name = y",
            "MEWS_MIXED_WITHOUT_PARENTHESES",
            "`a_macro and proc.name = x` counts as one member of the `or`, and so does 1 more",
        ),
    ],
)
def test_it_says_it_once_and_what_to_do(condition: str, code: str, message: str) -> None:
    found = [one for one in with_condition(condition) if one.code == code]
    assert len(found) == 1
    assert message in found[0].message


def test_its_messages_are_short_whatever_the_condition_holds() -> None:
    name, clauses = "x" * 2000, " and ".join(f"proc.args contains a{n}" for n in range(200))
    findings = with_condition(f"evt.type = open and proc.name = {name} or {clauses} or proc.name == {name}")
    assert {"MEWS_PROCESS_NAME_LONG", "MEWS_MIXED_WITHOUT_PARENTHESES", "MEWS_DOUBLE_EQUALS"} <= set(codes(findings))
    assert max(len(one.message) for one in findings) < 400


def test_it_leaves_conditions_that_do_not_parse_to_falco() -> None:
    assert not [code for code in codes(with_condition("and and")) if not code.startswith("MEWS_TAG")]


def test_it_ends_on_macros_that_need_themselves_and_on_deep_ones() -> None:
    chain = {f"m{n}": parse(f"m{n + 1} and proc.name = p{n}") for n in range(2000)}
    macros = {"a": parse("b and evt.type = open"), "b": parse("a"), **chain}
    for condition in ("a and proc.name = x", "m0"):
        studio_checks(replace(EXAMPLE, condition=condition), LintContext(macros=macros))


LARGE = {
    "alternatives": " or ".join(
        f"(spawned_process and proc.name = p{n} and proc.args contains x{n})" for n in range(500)
    ),
    "findings": f"open_read and ({' or '.join(f'(proc.name == p{n} and fd.name endswith x{n})' for n in range(900))})",
    "groups": reduce(
        lambda inner, n: f"proc.name == a and ({inner} or not not proc.tty = {n})", range(100), "open_read"
    ),
}


@pytest.mark.parametrize("condition", LARGE.values(), ids=LARGE)
def test_it_stays_quick_on_large_conditions(condition: str) -> None:
    """In processor time, which other work on the machine does not lengthen much."""
    from time import process_time

    begun = process_time()
    with_condition(condition)
    assert process_time() - begun < 4


@pytest.mark.parametrize(
    ("exception", "code"),
    [
        (RuleException("e", "proc.name", "in", ("systemctl", "x")), "MEWS_EXCEPTION_SWALLOWS"),
        (RuleException("e", ("evt.type",), ("in",), ((("execve", "execveat"),),)), "MEWS_EXCEPTION_SWALLOWS"),
        (RuleException("e", ("proc.args",), ("contains",), (("x",),)), "MEWS_EXCEPTION_VALUE_BROAD"),
        (RuleException("e", "proc.cmdline", "glob", ("*",)), "MEWS_EXCEPTION_VALUE_BROAD"),
        (RuleException("e", "proc.pname", "in", ("my_own_tool_names",)), "MEWS_EXCEPTION_UNKNOWN_LIST"),
        (RuleException("e", ("proc.pname",), ("=",), (("unattended-upgrade",),)), "MEWS_EXCEPTION_NAME_LONG"),
        (
            RuleException("e", ("k8s.ns.name", "container.name"), ("=", "="), (("a", "b"),)),
            "MEWS_EXCEPTION_CONTAINER_ONLY",
        ),
        (
            RuleException("e", ("proc.name", "user.name"), ("=", "="), (("apt", "root"),)),
            "MEWS_EXCEPTION_NEVER_APPLIES",
        ),
        (RuleException("e", "proc.args", "in", ("a(b",)), "MEWS_EXCEPTION_VALUE_SPLIT"),
    ],
)
def test_it_weighs_exceptions_against_the_condition(exception: RuleException, code: str) -> None:
    assert code in codes(studio_checks(replace(EXAMPLE, exceptions=(exception,)), LIBRARY))


@pytest.mark.parametrize(
    "exception",
    [
        RuleException("e", "user.name", "in", ("root",)),
        RuleException("e", ("proc.name", "user.name"), ("=", "="), (("systemctl", "root"),)),
        RuleException("e", "nonsense", "in", ("x",)),
        RuleException("e", ("proc.name",), ("=",), ("flat", None, ("a", "b"))),
        RuleException("e", None, None, ("x",)),
        RuleException("e", "proc.name", "pmatch", ("/a",)),
        RuleException("e", ("container.name", "proc.pname"), ("=", "="), (("a", "b"),)),
    ],
)
def test_it_takes_exceptions_of_any_shape(exception: RuleException) -> None:
    assert studio_checks(replace(EXAMPLE, exceptions=(exception,)), LIBRARY) == []


def test_it_reads_tactics_of_both_attack_versions() -> None:
    for tactic in ("mitre_defense_evasion", "mitre_defense_impairment"):
        rule = replace(EXAMPLE, tags=("host", "process", tactic, "T1562.001"))
        assert "MEWS_TAG_MISMATCH" not in codes(studio_checks(rule, LIBRARY))


def test_it_knows_that_attack_split_a_tactic() -> None:
    context = LintContext.of_library(tactics=("stealth", "defense-impairment"))
    rule = replace(EXAMPLE, tags=("host", "process", "mitre_defense_evasion", "T1562.001"))
    (found,) = studio_checks(rule, context)
    assert found.message.endswith("It became mitre_stealth and mitre_defense_impairment.")


def test_it_asks_about_the_oldest_release_only_if_there_is_one() -> None:
    rule = replace(EXAMPLE, condition="evt.type in (execve, execveat) and proc.args startswith anyof (a, b)")
    assert "MEWS_RELEASE_TOO_OLD" not in codes(studio_checks(rule, LIBRARY))
    assert "MEWS_RELEASE_TOO_OLD" in codes(studio_checks(rule, LintContext.of_library(target="0.43")))


def test_it_names_what_took_the_place_of_a_retired_technique() -> None:
    context = replace(EXAMPLE_CONTEXT, retired={"T1064": "T1059", "T1043": ""})
    rule = replace(EXAMPLE, tags=("host", "process", "mitre_execution", "T1043", "T1064"))
    found = [one for one in studio_checks(rule, context) if one.code == "MEWS_TAG_TECHNIQUE_REVOKED"]
    assert [one.fix is not None for one in found] == [False, True]
    assert repaired(rule, found[1]).tags == ("host", "process", "mitre_execution", "T1043", "T1059")
    assert "MEWS_TAG_TECHNIQUE_UNKNOWN" not in codes(studio_checks(rule, context))


def test_its_page_is_current() -> None:
    script = runpy.run_path(str(ROOT / "scripts/make_lint_docs.py"))
    assert (ROOT / "docs/lints.md").read_text(encoding="utf-8") == script["page"](), "run scripts/make_lint_docs.py"


def test_it_refuses_two_lints_of_one_code() -> None:
    with pytest.raises(ValueError, match="twice"):
        lint("MEWS_DESC_PERIOD", Severity.ADVICE, "x", hint="x", bad={}, good={})(lambda subject: ())
