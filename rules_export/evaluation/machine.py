"""The operation `match` of the machine interface: which events each condition matches."""

from __future__ import annotations

from typing import Any

from rules_export.errors import EngineError
from rules_export.evaluation.evaluator import match_many
from rules_export.evaluation.event import Event
from rules_export.evaluation.normalising import EventError, normalise
from rules_export.falco_checks.condition import check_condition
from rules_export.language.ast import Node
from rules_export.language.parser import parse


def match_answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answer {"conditions", "events": [{"evt_id", "fields"}], "source"?, "plugins"?} by {"matches": [[evt_id, …], …],
    "unusable": [{"evt_id", "field", "reason"}]}.

    A condition that Falco refuses gets null in `matches` and its reason under its number (from 0) in "errors". An event
    with a value that its field can't have matches nothing and is listed in "unusable". Raises ValueError for a request
    of another shape.
    """
    conditions, events = request.get("conditions"), request.get("events")
    if not isinstance(conditions, list) or not all(isinstance(text, str) for text in conditions):
        raise ValueError("`match` needs a list of texts `conditions`")
    if not isinstance(events, list) or not all(_is_event(event) for event in events):
        raise ValueError("`match` needs a list `events`, each an object with `evt_id` and an object `fields`")
    source, plugins = request.get("source", "syscall"), request.get("plugins", "container")
    ready: list[Node] = []
    places: list[int | None] = []
    errors: dict[str, str] = {}
    for number, text in enumerate(conditions):
        try:
            node = parse(text)
            check_condition(node, source, plugins, warn_evttypes=False)
        except EngineError as error:
            errors[str(number)] = str(error)
            places.append(None)
            continue
        places.append(len(ready))
        ready.append(node)
    names, fields, unusable = _usable(events, source, plugins)
    matching = match_many(ready, fields, source, plugins)
    matches = [None if place is None else [names[index] for index in matching[place]] for place in places]
    answer = {"matches": matches, "unusable": unusable}
    return {**answer, "errors": errors} if errors else answer


def _usable(
    events: list[dict[str, Any]], source: str, plugins: str
) -> tuple[list[Any], list[Event], list[dict[str, Any]]]:
    """The names and fields of the events that can be evaluated, and why the others can't."""
    names: list[Any] = []
    fields: list[Event] = []
    unusable: list[dict[str, Any]] = []
    for event in events:
        try:
            fields.append(normalise(event["fields"], source, plugins))
            names.append(event["evt_id"])
        except EventError as error:
            unusable.append({"evt_id": event["evt_id"], "field": error.field, "reason": error.message})
    return names, fields, unusable


def _is_event(event: object) -> bool:
    return isinstance(event, dict) and "evt_id" in event and isinstance(event.get("fields"), dict)
