"""From pasted YAML to a draft, and back to the same rule."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from rules_export.language.parser import parse
from rules_export.ruleset.model import Rule
from rules_export.verdict.loading import load_ruleset
from studio.authoring.content import to_rule
from studio.authoring.models import Draft
from studio.authoring.reading import UnreadableError, content_of, read_rule, technique_ids

SHARED = Path(os.environ.get("MEWS_SHARED", Path(__file__).parents[4] / "shared"))
CASES = SHARED / "conformance" / "validate.jsonl"

RULE = """\
- macro: by_hand
  condition: proc.tty != 0
- list: recovery_tools
  items: [wbadmin, bcdedit]
- rule: Disable recovery
  desc: Somebody disables recovery.
  condition: spawned_process and by_hand and proc.name in (recovery_tools, shred)
  output: Recovery disabled | command=%proc.cmdline
  priority: INFO
  tags: [mitre_impact, T1490, t1485, T9999, container]
  exceptions:
    - name: admins
      fields: [user.name, proc.name]
      comps: [=, in]
      values:
        - [root, [shred, "a,b"]]
    - name: backup
      fields: proc.pname
      values: [restic]
"""


def test_it_reads_every_part_of_a_rule():
    read = read_rule(RULE)
    content = read.content
    assert content.condition == "spawned_process and proc.tty != 0 and proc.name in (wbadmin, bcdedit, shred)"
    assert content.techniques == ("T1490", "T1485", "T9999")
    assert (content.priority, content.primary) == ("INFORMATIONAL", "T1490")
    assert [table.name for table in content.exceptions] == ["admins", "backup"]
    assert content.exceptions[0].rows == (("root", 'shred, "a,b"'),)
    assert content.exceptions[1].comps == ("in",)
    assert content.touched == {"name", "desc", "output", "tags"}
    assert [note.split()[0] for note in read.notes] == ["by_hand", "recovery_tools"]


def test_a_macro_that_the_library_defines_just_so_keeps_its_name():
    text = RULE.replace("- macro: by_hand\n  condition: proc.tty != 0", "- macro: spawned_process\n  condition: {}")
    same = read_rule(text.format("evt.type in (execve, execveat)").replace(" and by_hand", ""))
    assert same.content.condition.startswith("spawned_process and")
    other = read_rule(text.format("evt.type = execve").replace(" and by_hand", ""))
    assert other.content.condition.startswith("evt.type = execve and")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Paste a rule first"),
        ("hello", "Rules content is not yaml"),
        ("- rule: A\n  desc: [x", "Line 2, column 1"),
        ("- macro: a\n  condition: proc.name = x", "no whole rule"),
        ("- rule: A\n  append: true\n  condition: or x", "no whole rule"),
        (RULE.replace("INFO", "HIGH"), "Line 9, column 13: Invalid priority"),
        (RULE + RULE[RULE.index("- rule") :].replace("Disable", "Other"), "There are 2 rules"),
        ("\x00", ""),
        ("- &a [*a, *a]", "Unexpected element type"),
    ],
)
def test_it_says_why_a_text_cannot_be_read(text, reason):
    with pytest.raises(UnreadableError) as refused:
        read_rule(text)
    assert reason in str(refused.value)


def test_definitions_that_grow_beyond_bounds_are_refused_or_left_as_names():
    bomb = "- macro: m0\n  condition: (proc.name = a)\n" + "".join(
        f"- macro: m{number}\n  condition: (m{number - 1} or m{number - 1})\n" for number in range(1, 14)
    )
    text = bomb + "- rule: A\n  desc: d\n  condition: m13\n  output: o\n  priority: INFO\n"
    assert read_rule(text).content.condition == "m13"


def test_one_item_may_be_pasted_without_its_dash():
    text = "rule: A\ndesc: d\ncondition: proc.name = x\noutput: o\npriority: ERROR"
    assert read_rule(text).content.name == "A"


def test_technique_ids_are_those_of_attack():
    assert technique_ids(["T1059.004", "t1490", "T14", "T1490", "xT1490"]) == ("T1059.004", "T1490")


def recorded() -> list[Rule]:
    """Every rule of the recorded files that load."""
    if not CASES.is_file():
        return []
    with CASES.open(encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    found = []
    for case in cases:
        loaded, verdict = load_ruleset([(file["name"], file["content"]) for file in case["files"]])
        if verdict.fatal is None and all(result.successful for result in verdict.results):
            found += loaded.rules
    return found


@pytest.mark.skipif(not CASES.is_file(), reason="the recorded files are not at hand")
def test_every_recorded_rule_is_the_same_once_it_was_a_draft():
    rules = recorded()
    for rule in rules:
        priority = rule.priority.upper()
        expected = replace(rule, priority="INFORMATIONAL" if priority == "INFO" else priority)
        assert to_rule(content_of(rule).content) == expected
    assert len(rules) > 200


def test_a_list_that_names_itself_is_put_in_place_once():
    text = "- list: tools\n  items: [dd, tools, rm]\n" + RULE.replace("shred)", "tools)")
    assert "in (wbadmin, bcdedit, dd, tools, rm)" in read_rule(text).content.condition


PASTED = {"text": RULE}


def test_a_pasted_rule_becomes_a_draft(signed_in, people, catalogue):
    answer = signed_in.post("/drafts/new/yaml/", PASTED, follow=True)
    draft = Draft.objects.get()
    assert answer.redirect_chain[-1][0] == f"/drafts/{draft.pk}/check/"
    page = answer.content.decode()
    assert "is a draft now" in page
    assert "by_hand is inlined" in page
    assert draft.content["techniques"] == ["T1490", "T1485"]
    assert "T9999" in draft.content["tags"]
    assert draft.snapshots.get().label == "Paste the rule as YAML"
    assert parse(draft.content["condition"])


def test_a_refused_text_stays_in_the_field_with_the_reasons(signed_in):
    answer = signed_in.post("/drafts/new/yaml/", {"text": RULE.replace("INFO", "HIGH")})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Invalid priority" in page
    assert "priority: HIGH" in page
    assert signed_in.post("/drafts/new/yaml/", {"text": "x" * 300_000}).status_code == 422
    assert signed_in.post("/drafts/new/yaml/", {}).status_code == 422
    assert not Draft.objects.exists()


def test_the_door_is_shown_where_rules_begin(signed_in):
    for page in ("/drafts/", "/drafts/new/"):
        assert "/drafts/new/yaml/" in signed_in.get(page).content.decode()
