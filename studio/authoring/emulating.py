"""A rule put to the test on a host: the script that plays its behaviours, and a suite for Falco's event-generator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rules_export.artifacts.emulation import Step, script
from rules_export.artifacts.generator_suite import suite
from rules_export.artifacts.pack import Example, Member
from rules_export.errors import EngineError
from rules_export.ruleset.model import Rule
from studio.authoring import facts, samples
from studio.authoring.content import RuleContent, to_rule
from studio.lab.compiled import CannotRunError, compile_rule
from studio.lab.results import Sample

_NOTHING = "tests: []\n"


def emulation(content: RuleContent) -> str:
    """The script for the content's behaviours; empty where none of them can be played."""
    steps = [Step(one.title, one.emulation) for one in facts.chosen_behaviours(content) if one.emulation]
    name = content.name.strip() or "A rule without a name"
    return script(f"Plays what the rule “{name}” looks for", [name], steps) if steps else ""


def event_generator(content: RuleContent, kept: Iterable[Sample]) -> str:
    """The suite for the attack events of its behaviours and those kept with it; what is left out stands on top."""
    rule = to_rule(content)
    events = [one for one in (*samples.of_behaviours(content), *kept) if one.is_attack and not one.trouble]
    made = suite([Member(rule, examples=tuple(Example(one.name, one.fields) for one in events))], _fires)
    head = [f"# Rule: {_line(rule.name)}"]
    head += [f"# Left out: {_line(event)}: {_line(why)}" for _, event, why in made.left_out]
    return "\n".join([*head, made.text or _NOTHING])


def file_name(content: RuleContent) -> str:
    """The beginning of the files' names: the rule's in small letters."""
    return re.sub(r"[^a-z0-9]+", "-", content.name.casefold()).strip("-")[:60] or "rule"


def _fires(rule: Rule, fields: Mapping[str, object]) -> bool:
    try:
        compiled = compile_rule(rule)
        excepted = any(matcher.matches(fields) for _, matcher in compiled.exceptions)
        return bool(compiled.condition.matches(fields)) and not excepted
    except (CannotRunError, EngineError):
        return False


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
