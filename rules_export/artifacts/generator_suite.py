"""Tests for Falco's event-generator: what it can play without harm, as a suite; what it cannot, with the reason.

A program is played by a copy of event-generator under a path of its own, which does nothing but carry the name and the
arguments. Files are only ever opened for reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules_export.artifacts.pack import Example, Member
from rules_export.ruleset.model import Rule
from rules_export.write.scalars import inline

#: Where the copies lie: no program of the system may be overwritten.
PLACE = "/tmp/mews-suite"  # noqa: S108 - a path on the host that runs the suite, not on ours
_OPENS = ("open", "openat", "openat2")

Fires = Callable[[Rule, Mapping[str, object]], bool]


@dataclass(frozen=True, slots=True)
class Suite:
    """The suite's YAML ("" where nothing can be played) and (rule, event, why) of what was left out."""

    text: str
    played: int
    left_out: tuple[tuple[str, str, str], ...]


def suite(members: Iterable[Member], fires: Fires) -> Suite:
    """A suite of the examples on which a rule must fire, where it still fires on the event as it will be played."""
    tests: list[dict[str, Any]] = []
    left_out: list[tuple[str, str, str]] = []
    for member in members:
        for example in member.examples:
            if not example.fires:
                continue
            made = _test(member.rule, example, len(tests) + 1, fires)
            if isinstance(made, str):
                left_out.append((member.rule.name, example.name, made))
            else:
                tests.append(made)
    text = "\n".join(["tests:", *(line for one in tests for line in _item(one, "  ")), ""]) if tests else ""
    return Suite(text, len(tests), tuple(left_out))


def _item(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    """A mapping as an element of a sequence."""
    for place, line in enumerate(_mapping(value, indent + "  ")):
        yield f"{indent}- {line[len(indent) + 2 :]}" if place == 0 else line


def _mapping(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, inside in value.items():
        if isinstance(inside, Mapping):
            yield f"{indent}{key}:"
            yield from _mapping(inside, indent + "  ")
        elif isinstance(inside, list):
            yield f"{indent}{key}:"
            for one in inside:
                yield from _item(one, indent + "  ")
        else:
            yield f"{indent}{key}: {inline(inside)}"


def _test(rule: Rule, example: Example, number: int, fires: Fires) -> dict[str, Any] | str:
    event = example.fields
    kind = str(event.get("evt.type", ""))
    name = str(event.get("proc.name", ""))
    if kind not in ("execve", "execveat", *_OPENS):
        return f"event-generator is not asked to play {kind or 'an event without a type'}"
    if str(event.get("container.id", "host")) not in ("host", ""):
        return "it happens in a container"
    if not name or "/" in name or name != name.strip():
        return "it names no program"
    path = f"{PLACE}/{name}"
    played = {**event, "proc.exepath": path, "proc.exe": name}
    if kind in _OPENS and (played.get("evt.is_open_write") or not str(played.get("fd.name", "")).startswith("/")):
        return "it opens a file for writing"
    if not fires(rule, played):
        return "the rule looks at where the program lies"
    process: dict[str, Any] = {"exePath": path, "name": name, "exe": name}
    if arguments := str(event.get("proc.args", "")):
        process["args"] = arguments
    target = str(event["fd.name"]) if kind in _OPENS else "/dev/null"
    return {
        "name": f"{number:04d} {example.name}",
        "rule": rule.name,
        "description": f"Plays: {example.name}",
        "runner": "HostRunner",
        "context": {"processes": [process]},
        "steps": [
            {
                "type": "syscall",
                "name": "step",
                "syscall": "openat",
                "args": {"pathname": target, "flags": "O_RDONLY"},
            }
        ],
        "expectedOutcome": {"source": rule.source, "priority": rule.priority.upper()},
    }
