"""Rules or a condition against recorded events, without Falco."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rules_export.cli.errors import UsageError
from rules_export.errors import EngineError
from rules_export.language.ast import Node
from rules_export.language.parser import parse


def match_lines(rules: str, content: bytes, events: bytes, is_condition: bool, plugins: str) -> Iterator[str]:
    """One JSON object a line: {"rule", "matches": [evt_id, …]} for each rule, or {"matches"} for a condition.

    `rules` is the condition or the file's name, `content` the file's content. Raises UsageError for what Falco refuses.
    """
    conditions = {rules: _condition(rules)} if is_condition else _of_file(rules, content, plugins)
    from rules_export.evaluation import match_many, normalise

    recorded = list(events_of(events))
    names = [event.get("evt_id", number) for number, event in enumerate(recorded)]
    try:
        fields = [normalise(event["fields"], plugins=plugins) for event in recorded]
        found = match_many(list(conditions.values()), fields, plugins=plugins)
    except (EngineError, ValueError) as error:
        raise UsageError(str(error)) from None
    for name, indices in zip(conditions, found, strict=True):
        answer: dict[str, Any] = {} if is_condition else {"rule": name}
        yield json.dumps({**answer, "matches": [names[index] for index in indices]}, ensure_ascii=False)


def _condition(text: str) -> Node:
    try:
        return parse(text)
    except EngineError as error:
        raise UsageError(f"Falco refuses this condition: {error}") from None


def _of_file(name: str, content: bytes, plugins: str) -> dict[str, Node]:
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
    return trees(load.compilation)


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
