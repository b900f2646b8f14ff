"""Ordinary life as events: daily administration, packages, cron, builds, containers, desktops.

Built from compact data (data/ordinary.yaml): scenes with what their events have in common, and one line for each event.
A line under `run` is a command; elsewhere it is `path by command` or `address by command`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from studio.behaviours.event_calls import BUILDERS
from studio.behaviours.events import build
from studio.behaviours.records import SampleEvent

DATA = Path(__file__).parent / "data" / "ordinary.yaml"


@lru_cache(maxsize=1)
def baseline() -> tuple[SampleEvent, ...]:
    """Every event, in the order of the data."""
    scenes = yaml.load(DATA.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return tuple(event for scene in scenes for event in _events(scene))


def _events(scene: Mapping[str, Any]) -> Iterator[SampleEvent]:
    common = scene.get("with", {})
    for kind in (key for key in scene if key in BUILDERS):
        for line in scene[kind]:
            spec = common | _spelled(kind, line)
            yield SampleEvent(
                f"{scene['scene']}: {line if kind == 'run' else f'{kind} {line}'}",
                build(spec, user=str(common.get("user", "root"))),
            )


def _spelled(kind: str, line: str) -> dict[str, Any]:
    if kind == "run":
        return {kind: line}
    target, _, command = line.partition(" by ")
    return {kind: int(target) if kind == "listen" else target, "by": command}
