"""Ordinary life as events: a day of daily administration, packages, cron, builds, containers, desktops.

Built from compact data (data/ordinary.yaml): scenes with what their events have in common, and one line for each event.
A line under `run` is a command; elsewhere it is `path by command` or `address by command`. fleet.py makes a day of
them.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from studio.behaviours import fleet
from studio.behaviours.records import SampleEvent

DATA = Path(__file__).parent / "data" / "ordinary.yaml"


@lru_cache(maxsize=1)
def baseline() -> tuple[SampleEvent, ...]:
    """Every event of the day, in the order of the data."""
    scenes = yaml.load(DATA.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return tuple(fleet.day(scenes))
