"""Whether revisions, decisions and approvals are as the audit log says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from studio.audit.ledger import Ledger, Line
from studio.review.freezing import hashed
from studio.review.lifecycle import APPROVE, VERBS, State
from studio.review.models import Decision, Revision, Verdict
from studio.review.services import content_hash

_KIND = "review.revision"
_SUBMITTED = "revision.handed_in"
_STATE_AFTER: dict[str, str] = {_SUBMITTED: State.IN_REVIEW, **{f"revision.{verb.name}": verb.end for verb in VERBS}}
_VERDICTS = {"decision.approval": Verdict.APPROVE, "decision.objection": Verdict.CHANGES}


def faults(ledger: Ledger) -> Iterator[str]:
    """A sentence for each difference."""
    decisions: dict[int, list[Decision]] = {}
    for decision in Decision.objects.order_by("id").iterator(chunk_size=1000):
        decisions.setdefault(decision.revision_id, []).append(decision)
    known = set()
    for revision in Revision.objects.defer("yaml", "summary").order_by("id").iterator(chunk_size=200):
        known.add(str(revision.pk))
        entries = ledger.of(_KIND, revision.pk)
        yield from _of_revision(ledger, revision, entries)
        yield from _of_decisions(ledger, revision, decisions.get(revision.pk, []), entries)
    for entry in ledger.of_kind(_KIND):
        if entry.verb == _SUBMITTED and entry.target_id not in known:
            yield f"Revision {entry.target_id}, of which entry {entry.number} tells, is missing."


def _of_revision(ledger: Ledger, revision: Revision, entries: list[Line]) -> Iterator[str]:
    what = f"Revision {revision.pk} ({revision})"
    if content_hash(hashed(revision.content, revision.frozen)) != revision.content_hash:
        yield f"{what} has other content than its hash says."
    moves = [entry for entry in entries if entry.verb in _STATE_AFTER]
    submitted = next((entry for entry in moves if entry.verb == _SUBMITTED), None)
    if submitted:
        wrong = submitted.says(
            revision.handed_in_at, revision.handed_in_by_id, revision.team_id, hash=revision.content_hash
        )
        yield from _differences(what, wrong, submitted)
    elif ledger.lacks(revision.handed_in_at):
        yield f"{what} was submitted without an entry in the audit log."
    yield from _of_state(ledger, revision, what, moves)
    yield from _of_approval(ledger, revision, what, moves)


def _of_state(ledger: Ledger, revision: Revision, what: str, moves: list[Line]) -> Iterator[str]:
    last = moves[-1] if moves else None
    if last is None or _STATE_AFTER[last.verb] != revision.state:
        if ledger.lacks(revision.closed_at or revision.handed_in_at):
            said = State(_STATE_AFTER[last.verb]).label.lower() if last else "nothing of it"
            yield f"{what} is {revision.get_state_display().lower()}, but the audit log says {said}."
    elif last.verb != _SUBMITTED:
        wrong = last.says(revision.closed_at, revision.closed_by_id, revision.team_id, hash=revision.content_hash)
        yield from _differences(what, wrong, last)


def _of_approval(ledger: Ledger, revision: Revision, what: str, moves: list[Line]) -> Iterator[str]:
    approvals = [entry for entry in moves if entry.verb == f"revision.{APPROVE.name}"]
    if revision.approved_at is None:
        if approvals:
            yield f"{what} was approved according to entry {approvals[-1].number}, but has no date of approval."
        return
    if not approvals:
        if ledger.lacks(revision.approved_at):
            yield f"{what} was approved without an entry in the audit log."
        return
    entry = approvals[-1]
    yield from _differences(
        what, entry.says(revision.approved_at, entry.actor_id, revision.team_id, hash=revision.content_hash), entry
    )
    if int(entry.details.get("approvals", revision.required)) < revision.required:
        yield f"{what} requires {revision.required} approvals; entry {entry.number} counts fewer."


def _of_decisions(ledger: Ledger, revision: Revision, decisions: list[Decision], entries: list[Line]) -> Iterator[str]:
    told = [entry for entry in entries if entry.verb in _VERDICTS]
    for decision in decisions:
        what = f"Decision {decision.pk} on revision {revision.pk} ({revision})"
        own = [one for one in told if _VERDICTS[one.verb] == decision.verdict and one.actor_id == decision.by_id]
        if not own:
            if ledger.lacks(decision.at):
                yield f"{what} has no entry in the audit log."
            continue
        wanted: dict[str, Any] = {"hash": decision.content_hash, "note": decision.note}
        if decision.override or any("override" in one.details for one in own):
            wanted["override"] = decision.override
        differences = [(one, one.says(decision.at, decision.by_id, revision.team_id, **wanted)) for one in own]
        entry, wrong = min(differences, key=lambda pair: len(pair[1]))
        if decision.override and "override" not in entry.details:
            wrong.append("override")
        yield from _differences(what, wrong, entry)
        told.remove(entry)
    for entry in told:
        yield f"A decision by {entry.actor} on revision {revision.pk} is missing; entry {entry.number} tells of it."


def _differences(what: str, wrong: list[str], entry: Line) -> Iterator[str]:
    if wrong:
        yield f"{what} differs from entry {entry.number} ({entry.verb}): {', '.join(wrong)}."
