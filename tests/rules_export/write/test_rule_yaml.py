"""Rules as YAML: what is written reads back as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rules_export.errors import EmitError
from rules_export.language.parser import parse
from rules_export.ruleset.model import List, Macro, PluginVersion, Rule, RuleException
from rules_export.write.rule_yaml import to_yaml
from rules_export.yamlcpp.documents import MAP, NULL, SEQUENCE, Node, load_documents
from rules_export.yamlcpp.text import SourceText

PLAIN = Rule(
    name="Disable recovery features",
    condition='spawned_process and proc.name = "rm"',
    output="Recovery disabled | user=%user.name",
    desc="Detects that recovery features are disabled.",
    priority="CRITICAL",
)

NASTY = [
    "# in > block", "a: b", "a:", "- a", "[a]", "{a}", "'a'", '"a"', "a 'b' \"c\"", " lead", "trail ", "a  b", "a\tb",
    "a\nb", "a\n\nb", "a\n  b", "\na", "a\n", "a\r\nb", "~", "null", "true", "No", "0x1F", "1.5", "0.57.0", "012",
    "2026-01-01", "12:30", "*alias", "&anchor", "!tag", "%field", "@at", "`tick", "| pipe", "> fold", "? key",
    ", comma", "a #b", "a# b", "ü → 漢字 🦅", "nul\0 end", "bell\a del\x7f", "\x85next\u2028line", "\x04end", "\\n",
    "C:\\dir\\",
    "=", "a, b", "x" * 400, ("word " * 80).strip(), "---", "...", "--- a", "a\n---\nb", "a\n# b", "<<", "é\u0301",
    "\ufeff",
]  # fmt: skip


def read(text: str) -> list[Any]:
    """The items of a rules file as Falco's reader gives them: texts, lists, maps and None."""
    return [plain(item) for document in load_documents(SourceText(text)) for item in document.items]


def plain(node: Node) -> Any:
    if node.kind == MAP:
        return {key.text: plain(value) for key, value in node.pairs}
    if node.kind == SEQUENCE:
        return [plain(item) for item in node.items]
    return None if node.kind == NULL else node.text


def test_it_writes_a_rule_in_the_order_of_the_ecosystem() -> None:
    rule = replace(
        PLAIN,
        enabled=False,
        tags=("mitre_impact", "inhibit_system_recovery", "T1490"),
        exceptions=(RuleException("root", "user.name", "in", ("root",)),),
        source="k8s_audit",
        warn_evttypes=False,
        skip_if_unknown_filter=True,
        capture=True,
        capture_duration=1000,
    )
    assert to_yaml([rule]) == (
        "- rule: Disable recovery features\n"
        "  desc: >-\n"
        "    Detects that recovery features are disabled.\n"
        "  condition: >-\n"
        '    spawned_process and proc.name = "rm"\n'
        "  enabled: false\n"
        "  output: Recovery disabled | user=%user.name\n"
        "  priority: CRITICAL\n"
        "  tags: [mitre_impact, inhibit_system_recovery, T1490]\n"
        "  exceptions:\n"
        "    - name: root\n"
        "      fields: user.name\n"
        "      comps: in\n"
        "      values: [root]\n"
        "  source: k8s_audit\n"
        "  warn_evttypes: false\n"
        "  skip-if-unknown-filter: true\n"
        "  capture: true\n"
        "  capture_duration: 1000\n"
    )


def test_it_leaves_out_what_is_as_falco_assumes() -> None:
    assert list(read(to_yaml([PLAIN]))[0]) == ["rule", "desc", "condition", "output", "priority"]


def test_it_puts_requirements_and_a_comment_in_front() -> None:
    plugins = (PluginVersion("container", "0.4.0", (PluginVersion("other", "1.0.0"),)),)
    text = to_yaml([], comment="One\n\ntwo", required_engine_version="0.57.0", required_plugin_versions=plugins)
    assert text.startswith("# One\n#\n# two\n\n- required_engine_version: 0.57.0\n")
    assert read(text)[1]["required_plugin_versions"] == [
        {"name": "container", "version": "0.4.0", "alternatives": [{"name": "other", "version": "1.0.0"}]}
    ]


@pytest.mark.parametrize("text", NASTY)
def test_it_gives_nasty_texts_back(text: str) -> None:
    rule = replace(PLAIN, name=text, desc=text, output=text, tags=(text, "b"), source=text)
    rule = replace(rule, exceptions=(RuleException(text, ("proc.name", text), ("=", text), (("a", (text, "b")),)),))
    written = to_yaml([List(text, (text, "x")), Macro(text, "a"), rule])
    listed, macro, found = read(written)
    assert (listed["list"], listed["items"], macro["macro"]) == (text, [text, "x"], text)
    assert [found[key] for key in ("rule", "desc", "output", "source")] == [text] * 4
    assert found["tags"] == [text, "b"]
    assert found["exceptions"][0]["fields"] == ["proc.name", text]
    assert found["exceptions"][0]["values"] == [["a", [text, "b"]]]


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_it_gives_any_text_back(text: str) -> None:
    written = to_yaml([replace(PLAIN, name=text, desc=text, output=text, tags=(text,)), List("l", (text,))])
    rule, listed = read(written)
    assert [rule["rule"], rule["desc"], rule["output"], rule["tags"], listed["items"]] == [text] * 3 + [[text]] * 2


PROSE = st.lists(st.sampled_from(["a", "bc", "#", ":", "-", ">", " ", "  ", "\n", "\n\n", "word" * 9, "'"]), min_size=1)


@settings(max_examples=300, deadline=None)
@given(PROSE.map("".join))
def test_it_gives_prose_back(text: str) -> None:
    assert read(to_yaml([replace(PLAIN, desc=text)]))[0]["desc"] == text


CLAUSES = st.sampled_from(
    ["spawned_process", "proc.name = rm", "proc.args contains ' -o '", 'proc.args contains "a # b"', "fd.name exists",
     "proc.name in (ash, bash, \"a b\")", "fd.name startswith '\\x01'", "proc.args contains \"x\u2028y\"",
     "proc.args contains 'a\\nb'", "not proc.name = 'x: y'", f"proc.name in ({', '.join(f'p{n}' for n in range(40))})"]
)  # fmt: skip
CONDITIONS = st.recursive(
    CLAUSES,
    lambda inner: st.tuples(inner, st.sampled_from([" and ", " or ", "\nand ", "\n  or "]), inner).map(
        lambda parts: f"({parts[0]}{parts[1]}{parts[2]})"
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(CONDITIONS)
def test_it_gives_conditions_back_as_the_same_tree(condition: str) -> None:
    written = to_yaml([replace(PLAIN, condition=condition), Macro("m", condition)])
    rule, macro = read(written)
    assert parse(rule["condition"]) == parse(macro["condition"]) == parse(condition)


def test_it_keeps_the_layout_of_the_author() -> None:
    condition = "spawned_process\nand (proc.name = rm or\n     proc.name = dd)"
    assert "    spawned_process\n    and (proc.name = rm or\n         proc.name = dd)\n" in to_yaml(
        [replace(PLAIN, condition=condition)]
    )


def test_it_writes_conditions_that_only_lists_make_readable() -> None:
    condition = "spawned_process and proc.name = 'a b' the_rest"
    assert read(to_yaml([replace(PLAIN, condition=condition)]))[0]["condition"] == condition


def test_it_lays_long_conditions_out_by_clause() -> None:
    clauses = " or ".join(f"(spawned_process and proc.name = p{n} and proc.args contains -x)" for n in range(3))
    written = to_yaml([replace(PLAIN, condition=clauses)])
    assert written.count("\n    or (") == 2


def test_it_says_what_yaml_cannot_carry() -> None:
    with pytest.raises(EmitError, match="not UTF-8"):
        to_yaml([replace(PLAIN, desc="\udcff")])


def test_it_writes_what_other_yaml_readers_take_alike() -> None:
    written = to_yaml([replace(PLAIN, desc="Off"), List("l", ("on", "1.5", "~", "443", "a: b"))])
    rule, listed = yaml.safe_load(written)
    assert rule["desc"] == "Off"
    assert listed["items"] == ["on", "1.5", "~", 443, "a: b"]


def test_it_writes_the_same_bytes_for_equal_items() -> None:
    assert to_yaml([PLAIN, List("l", ("a",))]) == to_yaml([replace(PLAIN), List("l", ("a",))])
    assert to_yaml([]) == ""
