"""A day on a small fleet: the scenes of ordinary life, each as often as it happens, with other people and addresses.

The same seed gives the same day. Each (scene, round) draws from a generator of its own, so that a new scene leaves the
others as they are. Round 1 of a scene is its data as written.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

from studio.behaviours.event_calls import BUILDERS
from studio.behaviours.events import build
from studio.behaviours.records import SampleEvent

SEED = 20260105
#: Nanoseconds of 2026-01-05 00:00 UTC, a Monday.
MIDNIGHT = 1_767_571_200_000_000_000
SECOND = 1_000_000_000
#: How often a scene happens in that day, all hosts together; a scene that is not named happens once.
OFTEN: Mapping[str, int] = {
    "Boot": 2,
    "Sign in over SSH": 6,
    "Sign in, the server's side": 6,
    "A morning at the shell": 2,
    "Package upgrade, Debian": 4,
    "Maintainer scripts": 4,
    "Package upgrade, RPM": 4,
    "Automatic upgrades": 6,
    "Cron": 12,
    "Nightly backup": 3,
    "Web server": 30,
    "Web application": 20,
    "Database": 25,
    "Build pipeline": 5,
    "Container engine": 8,
    "Kubelet": 25,
    "Container starts": 12,
    "Container of an application": 15,
    "Container probes": 50,
    "Monitoring": 20,
    "Configuration management": 6,
    "Desktop": 2,
    "Mail and directory": 3,
    "Log rotation": 5,
    "Temporary files": 5,
}
HOSTS = ("web-1", "web-2", "db-1", "build-1", "node-1", "node-2", "node-3", "mail-1", "desk-1")
PEOPLE = ("ben", "carla", "dmitri", "esra", "farid", "greta")
DAYS = ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ADDRESS = re.compile(r"\b(198\.51\.100|203\.0\.113|10\.0\.0)\.(\d+)\b")
_PROCESS = re.compile(r"/proc/812\b")
_PORT = re.compile(r":(5\d{4})\b")


def day(scenes: list[Mapping[str, Any]]) -> Iterator[SampleEvent]:
    """Every event of the day, scene by scene and round by round."""
    for scene in scenes:
        for number in range(1, OFTEN.get(scene["scene"], 1) + 1):
            yield from _round(scene, number)


def _round(scene: Mapping[str, Any], number: int) -> Iterator[SampleEvent]:
    title, common = scene["scene"], scene.get("with", {})
    draw = random.Random(f"{SEED} {title} {number}")  # noqa: S311 - repeatable on purpose, no secret
    change = _Change(draw) if number > 1 else None
    clock = draw.randrange(86_000) * SECOND
    place: dict[str, Any] = {"evt.hostname": draw.choice(HOSTS)}
    if "in" in common and number > 1:
        place |= {"container.id": f"{draw.getrandbits(48):012x}", "k8s.pod.name": f"app-{draw.randrange(9)}"}
    user = str(common.get("user", "root"))
    if change:
        user = change.text(user)
        common = {key: change.text(value) if isinstance(value, str) else value for key, value in common.items()}
    for kind in (key for key in scene if key in BUILDERS):
        for line in scene[kind]:
            clock += draw.randrange(1, 400) * SECOND // 1000
            told = change.text(line) if change else line
            spec = common | spelled(kind, told) | {"fields": {**place, "evt.time": MIDNIGHT + clock}}
            shown = line if kind == "run" else f"{kind} {line}"
            yield SampleEvent(f"{title}{f' {number}' if number > 1 else ''}: {shown}", build(spec, user=user))


def spelled(kind: str, line: str) -> dict[str, Any]:
    """A line of the data as the spelling of an event: a command, or `path by command`, `address by command`."""
    if kind == "run":
        return {kind: line}
    target, _, command = line.partition(" by ")
    return {kind: int(target) if kind == "listen" else target, "by": command}


class _Change:
    """What another round has otherwise: somebody else, another weekday, other addresses, ports and processes."""

    def __init__(self, draw: random.Random) -> None:
        self.person, self.day = draw.choice(PEOPLE), draw.choice(DAYS)
        self.octet, self.port, self.process = draw.randrange(3, 250), draw.randrange(32768, 60999), draw.randrange(9999)

    def text(self, text: str) -> str:
        """The text as this round has it."""
        text = text.replace("anna", self.person).replace("monday", self.day)
        text = _ADDRESS.sub(lambda found: f"{found[1]}.{(int(found[2]) + self.octet) % 250 + 2}", text)
        return _PROCESS.sub(f"/proc/{self.process}", _PORT.sub(f":{self.port}", text))
