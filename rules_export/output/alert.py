"""The JSON alert that Falco writes for a rule that fired, in Falco's shape (falco-rules-spec 7.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from rules_export.evaluation.times import PRINTED, alert_time
from rules_export.output.template import Template, parse, prepare


class Described(Protocol):
    """What an alert says of its rule; ruleset.model.Rule is one."""

    @property
    def name(self) -> str: ...
    @property
    def output(self) -> str: ...
    @property
    def priority(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def tags(self) -> tuple[str, ...]: ...


def alert(
    rule: Described,
    fields: Mapping[str, Any],
    time: int,
    *,
    hostname: str = "",
    template: Template | None = None,
    plugins: str = "container",
) -> dict[str, Any]:
    """The alert as a dictionary with Falco's keys, in its alphabetical order.

    `time`: the event's time in nanoseconds since 1970 UTC. `template`: the rule's output, parsed before; without it the
    rule's `output` is parsed here, which raises OutputError where Falco refuses it.
    """
    template = template or parse(prepare(rule.output)[0], rule.source, plugins)
    priority = spelled(rule.priority)
    return {
        "hostname": hostname,
        "output": f"{PRINTED['evt.time'](time)}: {priority} {template.render(fields)}",
        "output_fields": dict(sorted({**template.output_fields(fields), "evt.time": time}.items())),
        "priority": priority,
        "rule": rule.name,
        "source": rule.source,
        "tags": sorted(rule.tags),
        "time": alert_time(time),
    }


def spelled(priority: str) -> str:
    """A priority as alerts spell it: "Critical", "Informational" also for the alias INFO."""
    return "Informational" if priority.upper() == "INFO" else priority.capitalize()
