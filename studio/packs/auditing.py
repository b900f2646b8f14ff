"""Whether releases are as the audit log says; and what of a release goes into its entries for that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from studio.audit.ledger import Ledger, Line
from studio.packs.models import Release

_KIND = "packs.release"
_STARTED, _YANKED = "release.started", "release.yanked"
_OPEN = (Release.State.WAITING, Release.State.RUNNING)


def digest(content: Any) -> str:
    """SHA-256 over the canonical JSON (sorted keys, no blanks), in hexadecimal."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def faults(ledger: Ledger) -> Iterator[str]:
    """A sentence for each difference."""
    known = set()
    for release in Release.objects.select_related("pack").order_by("pk").iterator(chunk_size=20):
        known.add(str(release.pk))
        yield from _of_release(ledger, release, ledger.of(_KIND, release.pk))
    for entry in ledger.of_kind(_KIND):
        if entry.verb == _STARTED and entry.target_id not in known:
            yield f"Release {entry.target_id}, of which entry {entry.number} tells, is missing."


def _of_release(ledger: Ledger, release: Release, entries: list[Line]) -> Iterator[str]:
    what, team = f"Release {release.pk} ({release})", release.pack.team_id
    started = next((entry for entry in entries if entry.verb == _STARTED), None)
    if started:
        wrong = started.says(
            release.made_at, release.made_by_id, team, version=release.version, rules=len(release.members),
            exception=release.exception, members=digest(release.members),
        )  # fmt: skip
        yield from _differences(what, wrong, started)
    elif ledger.lacks(release.made_at):
        yield f"{what} has no entry in the audit log."
    yield from _of_state(ledger, release, what, entries)
    yield from _of_yank(ledger, release, what, [entry for entry in entries if entry.verb == _YANKED])


def _of_state(ledger: Ledger, release: Release, what: str, entries: list[Line]) -> Iterator[str]:
    said = [(entry, state) for entry in entries if (state := _state_after(entry.verb))]
    if not said:
        if release.is_over and ledger.lacks(release.finished_at):
            yield f"{what} is {release.get_state_display().lower()}, but the audit log does not say so."
        return
    entry, state = said[-1]
    if state != ("open" if release.state in _OPEN else release.state):
        yield f"{what} is {release.get_state_display().lower()}, but entry {entry.number} says {entry.verb}."
    elif release.state == Release.State.DONE:
        details = {"files": len(release.files), "digest": digest(release.files)}
        wrong = entry.says(release.finished_at, entry.actor_id, release.pack.team_id, **details)
        yield from _differences(what, wrong, entry)


def _state_after(verb: str) -> str:
    """The state that the verb leads to; "open" for waiting and running, and nothing for other verbs."""
    if verb in (_STARTED, "release.tried_again"):
        return "open"
    state = verb.removeprefix("release.")
    return state if state in Release.State.values else ""


def _of_yank(ledger: Ledger, release: Release, what: str, entries: list[Line]) -> Iterator[str]:
    if release.yanked_at is None:
        if entries:
            yield f"{what} was yanked according to entry {entries[-1].number}, but is not."
    elif entries:
        wrong = entries[0].says(
            release.yanked_at, release.yanked_by_id, release.pack.team_id, reason=release.yank_reason
        )
        yield from _differences(what, wrong, entries[0])
    elif ledger.lacks(release.yanked_at):
        yield f"{what} was yanked without an entry in the audit log."


def _differences(what: str, wrong: list[str], entry: Line) -> Iterator[str]:
    if wrong:
        yield f"{what} differs from entry {entry.number} ({entry.verb}): {', '.join(wrong)}."
