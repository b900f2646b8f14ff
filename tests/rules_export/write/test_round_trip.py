"""Rules files that Falco loads, read, written again and read: nothing changes in what they mean."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rules_export.definitions.closure import tree_of
from rules_export.lints.runner import LintContext, studio_checks
from rules_export.ruleset.model import RuleSet
from rules_export.verdict.loading import load_ruleset
from rules_export.write.rule_yaml import to_yaml

SHARED = Path(os.environ.get("MEWS_SHARED", Path(__file__).parents[4] / "shared"))
CASES = SHARED / "conformance" / "validate.jsonl"
#: An override put an exception into this rule that no rule may define outright.
CANNOT_BE_WRITTEN = {"dev-0250"}

pytestmark = pytest.mark.skipif(not CASES.is_file(), reason="the conformance cases are not beside this checkout")


def cases() -> list[dict[str, Any]]:
    with CASES.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def meaning(rules: RuleSet) -> tuple[object, ...]:
    """A rule set with conditions as trees, priorities in one spelling, macros and lists by name."""

    def condition(text: str) -> object:
        return tree_of(text) or text

    def priority(text: str) -> str:
        return text.upper().replace("INFORMATIONAL", "INFO")

    return (
        [
            (replace(one, condition="", priority=priority(one.priority)), condition(one.condition))
            for one in rules.rules
        ],
        {macro.name: condition(macro.condition) for macro in rules.macros},
        {listed.name: listed.items for listed in rules.lists},
    )


def test_it_means_the_same_after_reading_and_writing() -> None:
    written = 0
    for case in cases():
        plugins = case.get("plugins", "container")
        rules, verdict = load_ruleset([(file["name"], file["content"]) for file in case["files"]], plugins)
        clean = verdict.fatal is None and all(result.successful for result in verdict.results)
        if clean and case["id"] not in CANNOT_BE_WRITTEN:
            text = to_yaml([*rules.lists, *rules.macros, *rules.rules])
            again, verdict = load_ruleset([("again.yaml", text)], plugins)
            assert all(result.successful for result in verdict.results), (case["id"], text)
            assert meaning(again) == meaning(rules), (case["id"], text)
            written += 1
    assert written > 400


def test_the_lints_have_an_answer_to_whatever_loads() -> None:
    for case in cases():
        files = [(file["name"], file["content"]) for file in case["files"]]
        rules, _ = load_ruleset(files, case.get("plugins", "container"))
        macros = {macro.name: tree for macro in rules.macros if (tree := tree_of(macro.condition)) is not None}
        context = LintContext(macros, {listed.name: listed.items for listed in rules.lists})
        for rule in rules.rules:
            studio_checks(rule, context)
