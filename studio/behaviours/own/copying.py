"""Records to begin with: of a built-in behaviour, of another version, of a proposal."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection
from functools import lru_cache
from typing import Any

import yaml

from studio.behaviours import queries as library
from studio.behaviours.events import build
from studio.behaviours.loader import LIBRARY
from studio.behaviours.proposals import Proposal
from studio.behaviours.records import SampleEvent

#: Fields that every build of an event makes anew.
_PASSING = ("proc.pid", "proc.vpid", "proc.ppid", "thread.tid")
_OPENS = {"write": "evt.is_open_write", "read": "evt.is_open_read"}


@lru_cache(maxsize=64)
def _text_of(behaviour_id: str) -> str:
    """The lines of a library file that are one behaviour; empty for an unknown id."""
    start = re.compile(rf"^- id: {re.escape(behaviour_id)}\s*(#.*)?$", re.MULTILINE)
    for path in sorted(LIBRARY.glob("*.yaml")):
        text = path.read_text("utf-8")
        if found := start.search(text):
            following = re.compile(r"^- id: ", re.MULTILINE).search(text, found.end())
            return text[found.start() : following.start() if following else len(text)]
    return ""


def of_library(behaviour_id: str) -> dict[str, Any]:
    """The record of a built-in behaviour. Raises KeyError."""
    library.get(behaviour_id)
    (record,) = yaml.safe_load(_text_of(behaviour_id))
    found: dict[str, Any] = record
    return found


def adapted(record: dict[str, Any], taken: Collection[str]) -> dict[str, Any]:
    """The record under an id that is free in the team."""
    return {**record, "id": free_id(f"{record['id']}-ours", taken)}


def free_id(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, or with the first number behind it that is free."""
    base = wanted[:70].strip("-")
    known = {*taken, *(one.id for one in library.all())}
    return next(one for one in (base, *(f"{base}-{n}" for n in range(2, 9999))) if one not in known)


def of_proposal(proposal: Proposal, technique: str, taken: Collection[str]) -> dict[str, Any]:
    """What a proposal says, as the beginning of a behaviour."""
    words = re.sub(r"[^a-z0-9]+", "-", proposal.title.casefold()).strip("-")[:40].strip("-") or "own"
    return {
        "id": free_id(f"{technique.lower().replace('.', '-') or 'own'}-{words}", taken),
        "techniques": [technique] if technique else [],
        "title": proposal.title[:120],
        "group": "Ours",
        "does": proposal.why.partition(". ")[0].rstrip(".") + ".",
        "kernel": f"{proposal.event.type} {proposal.event.fields.get('proc.cmdline', '')}"[:200],
        "clause": proposal.clause,
        "noise": "low",
        "attack": [spelled(proposal.event)],
    }


def spelled(event: SampleEvent) -> dict[str, Any]:
    """An event in the library's spelling; what the spelling does not say stands under `fields`."""
    fields = event.fields
    spec: dict[str, Any] = {"name": event.name, **_deed(event)}
    if "run" not in spec and "argv" not in spec:
        spec["by"] = shlex.join(_argv(event))
    if user := str(fields.get("user.name", "")):
        spec["user"] = user
    if (parent := str(fields.get("proc.pcmdline", ""))) and parent != "bash":
        spec["parent"] = parent
    if exe := str(fields.get("proc.exepath", "")):
        spec["exe"] = exe
    if image := str(fields.get("container.image", "")):
        spec["in"] = image
    built = build(spec)
    further = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in fields.items()
        if name not in _PASSING and built.get(name) != value
    }
    return {**spec, "fields": further} if further else spec


def _deed(event: SampleEvent) -> dict[str, Any]:
    """What happened, as one key."""
    fields = event.fields
    if event.type in ("execve", "execveat"):
        return {"argv": _argv(event)} | ({"type": event.type} if event.type != "execve" else {})
    name = str(fields.get("fd.name", ""))
    if event.type in ("open", "openat", "openat2") and name.startswith("/"):
        kind = next((kind for kind, flag in _OPENS.items() if fields.get(flag)), "read")
        return {kind: name} | ({"type": event.type} if event.type != "openat" else {})
    if event.type == "connect" and fields.get("fd.sip"):
        host = str(fields["fd.sip"])
        return {"connect": f"[{host}]:{fields['fd.sport']}" if ":" in host else f"{host}:{fields['fd.sport']}"}
    return {"call": event.type}


def _argv(event: SampleEvent) -> list[str]:
    """The words of the command: one by one where the event has them, else as its command line splits."""
    fields = event.fields
    exe = str(fields.get("proc.exe") or fields.get("proc.name") or "program")
    count = fields.get("proc.cmdnargs")
    words = [fields.get(f"proc.args[{n}]") for n in range(count if isinstance(count, int) else 0)]
    if words and all(word is not None for word in words):
        return [exe, *map(str, words)]
    try:
        return [exe, *shlex.split(str(fields.get("proc.args", "")))]
    except ValueError:
        return [exe, *str(fields.get("proc.args", "")).split()]
