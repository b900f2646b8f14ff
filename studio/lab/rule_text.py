"""What people paste to try: a bare condition, or rules as YAML with macros and lists of their own."""

from __future__ import annotations

import re
from dataclasses import replace

from rules_export.ruleset.model import Rule
from rules_export.verdict.loading import FileResult, load_ruleset
from studio.lab.known_rules import PASTED, KnownRule

#: Characters of a pasted text, and rules in it.
LONGEST = 200_000
MOST_RULES = 200
OUTPUT = "%evt.type by %proc.cmdline (user=%user.name)"
_YAML = re.compile(r"^\s*-?\s*(rule|macro|list)\s*:", re.MULTILINE)
_REFUSED = ("LOAD_ERR_YAML_PARSE", "LOAD_ERR_YAML_VALIDATE")


class RuleTextError(ValueError):
    """The text holds no rule to try; `reasons` are sentences."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def read_rules(text: str, output: str = "") -> list[Rule]:
    """The rules of a text; a bare condition becomes one rule. Raises RuleTextError."""
    if not text.strip():
        raise RuleTextError("There is no condition and no rule.")
    if not _YAML.search(text):
        return [Rule("Your condition", text.strip(), output.strip() or OUTPUT, "", "NOTICE")]
    found, verdict = load_ruleset([("pasted.yaml", _as_list(text))])
    if verdict.fatal is not None:
        raise RuleTextError(verdict.fatal)
    reasons = [reason for result in verdict.results for reason in _reasons(result)]
    if reasons:
        raise RuleTextError(*reasons[:20])
    if not found.rules:
        raise RuleTextError("There is no whole rule in this text. A rule begins with “- rule:”.")
    if len(found.rules) > MOST_RULES:
        raise RuleTextError(f"There are {len(found.rules)} rules in this text; at most {MOST_RULES} are tried at once.")
    return [replace(rule, brings=(*found.lists, *found.macros)) for rule in found.rules]


def known(rules: list[Rule]) -> list[KnownRule]:
    """Pasted rules in the shape that runs take."""
    return [KnownRule(f"text-{number}", rule.name, PASTED, rule, "") for number, rule in enumerate(rules)]


def _as_list(text: str) -> str:
    """The text, as a list where somebody pasted the one item without its dash."""
    if re.match(r"\s*rule\s*:", text):
        lines = text.replace("\r\n", "\n").strip("\n").split("\n")
        return "\n".join(["- " + lines[0].lstrip(), *("  " + line for line in lines[1:])])
    return text


def _reasons(result: FileResult) -> list[str]:
    found = []
    for problem in result.errors:
        at = problem.context.position
        if problem.code == _REFUSED[0]:
            found.append(f"{problem.message.removeprefix('yaml-cpp: error at ').capitalize()}.")
        elif problem.code in _REFUSED:
            found.append(f"Line {at.line + 1}: {problem.message}.")
    return found
