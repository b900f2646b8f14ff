"""Rules or a condition against recorded events, without Falco."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from rules_export.cli.errors import UsageError
from rules_export.errors import EngineError
from rules_export.language.ast import Node
from rules_export.language.parser import parse


class _Asked(NamedTuple):
    """A condition to try, under the name of its rule, "" for none."""

    rule: str
    source: str
    tree: Node


def match_lines(rules: str, content: bytes, events: bytes, is_condition: bool, plugins: str) -> Iterator[str]:
    """One JSON object a line: {"rule", "matches": [evt_id, …]} for each rule, or {"matches"} for a condition.

    `rules` is the condition or the file's name, `content` the file's content. A rule is tried on the events of its own
    source (an event's `source`, syscall where it states none). Raises UsageError for what Falco refuses.
    """
    from rules_export.evaluation.evaluator import match_many

    asked = [_Asked("", "syscall", _condition(rules))] if is_condition else _of_file(rules, content, plugins)
    recorded = list(events_of(events))
    found: dict[int, list[int]] = {}
    for source in dict.fromkeys(one.source for one in asked):
        places = [place for place, one in enumerate(asked) if one.source == source]
        own = [number for number, event in enumerate(recorded) if event.get("source", "syscall") == source]
        fields = [recorded[number]["fields"] for number in own]
        try:
            matches = match_many([asked[place].tree for place in places], fields, source, plugins)
        except (EngineError, ValueError) as error:
            raise UsageError(str(error)) from None
        for place, numbers in zip(places, matches, strict=True):
            found[place] = [own[number] for number in numbers]
    for place, one in enumerate(asked):
        names = [recorded[number].get("evt_id", number) for number in found[place]]
        answer = {"matches": names} if is_condition else {"rule": one.rule, "matches": names}
        yield json.dumps(answer, ensure_ascii=False)


def _condition(text: str) -> Node:
    try:
        return parse(text)
    except EngineError as error:
        raise UsageError(f"Falco refuses this condition: {error}") from None


def _of_file(name: str, content: bytes, plugins: str) -> list[_Asked]:
    from rules_export.verdict.compiling import trees
    from rules_export.verdict.loading import Load

    load = Load(plugins)
    try:
        result = load.add(name, content)
    except EngineError as error:
        raise UsageError(str(error)) from None
    if result.errors or load.compilation is None:
        problem = result.errors[0]
        at = problem.context.position
        raise UsageError(f"{name}, line {at.line + 1}: {problem.message}")
    sources = load.collector.rules
    return [_Asked(rule, sources[rule].source, tree) for rule, tree in trees(load.compilation).items()]


def events_of(data: bytes) -> Iterator[dict[str, Any]]:
    """The events of JSON Lines, each an object with an object `fields`. Raises UsageError with the line's number."""
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except ValueError:
            raise UsageError(f"event in line {number} is no JSON") from None
        if not isinstance(event, dict) or not isinstance(event.get("fields"), dict):
            raise UsageError(f"event in line {number} is no object with an object `fields`")
        yield event
