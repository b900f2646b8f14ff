"""The verbs of a run over an uploaded file: ask for one, carry it out, cancel it, try again, keep examples."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio import quotas
from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.carrying import send
from studio.claims import claimed
from studio.lab import services
from studio.lab.events import ParsedEvent
from studio.lab.known_rules import KnownRule
from studio.lab.models import LabRun
from studio.lab.packed import pack, unpack
from studio.lab.trying import CancelledError, Progress, try_file

State, Kind = LabRun.State, LabRun.Kind
OPEN = (State.WAITING, State.RUNNING)
#: Runs that a team keeps, and uploaded files among them.
KEPT_RUNS, KEPT_FILES = 50, 5


def runs(team: Team) -> QuerySet[LabRun]:
    """The team's runs, the newest first."""
    return LabRun.objects.filter(team=team).select_related("asked_by")


@transaction.atomic
def start(team: Team, by: User, kind: str, upload: UploadedFile[bytes], rules: Sequence[KnownRule]) -> LabRun:
    """Take an uploaded file and ask for its run; the rules are kept as they are now."""
    require(by, team, "author")
    _require_place(team)
    only = rules[0].samples if len(rules) == 1 else None
    run = LabRun.objects.create(
        team=team, asked_by=by, kind=Kind(kind), name=Path(upload.name or "upload").name[:200],
        size=upload.size or 0, samples_id=only,
        rules=[{"key": one.key, "name": one.name, "url": one.url, "rule": pack(one.rule)} for one in rules],
    )  # fmt: skip
    _store(upload, run.path)
    record(by, team, "lab.started", run, file=run.name, size=run.size, rules=run.rule_names[:20])
    _forget_old(team)
    transaction.on_commit(lambda: _send(run))
    return run


@transaction.atomic
def again(run: LabRun, by: User, rules: Sequence[KnownRule]) -> LabRun:
    """Try the same file with the rules as they are now."""
    require(by, run.team, "author")
    _require_place(run.team)
    fresh = {one.key: one for one in rules}
    kept = [
        {"key": one.key, "name": one.name, "url": one.url, "rule": pack(one.rule)}
        for row in run.rules
        if (one := fresh.get(row["key"]))
    ]
    next_run = LabRun.objects.create(
        team=run.team, asked_by=by, kind=run.kind, name=run.name, size=run.size, samples_id=run.samples_id,
        rules=kept or run.rules,
    )  # fmt: skip
    _copy(run.path, next_run.path)
    record(by, run.team, "lab.started", next_run, file=run.name, size=run.size, rules=next_run.rule_names[:20])
    _forget_old(run.team)
    transaction.on_commit(lambda: _send(next_run))
    return next_run


def carry_out(run: LabRun) -> LabRun:
    """Try the file. Safe to call again: a run that is over, or that another process has at hand, stays as it is."""
    with claimed(f"lab-{run.pk}") as ours:
        return _tried(run) if ours else run


def _tried(run: LabRun) -> LabRun:
    taken = LabRun.objects.filter(pk=run.pk, state__in=OPEN).update(
        state=State.RUNNING, started_at=timezone.now(), stage="Reading", done=0, events=0, fired=0
    )
    run.refresh_from_db()
    if not taken:
        return run
    if not run.has_file:
        return fail(run, "The uploaded file is gone. Upload it again.")
    rules = [unpack(row["rule"]) for row in run.rules]
    try:
        if run.kind == Kind.CAPTURE:
            from studio.lab.captures import try_capture

            result = try_capture(run.path, rules, lambda stage, done: _tell(run, stage, done))
        else:
            result = try_file(run.path, rules, lambda progress: _progress(run, progress))
    except CancelledError:
        run.refresh_from_db()
        return run
    trouble = str(result.get("trouble", ""))
    return _finish(run, State.FAILED if trouble else State.DONE, trouble, result)


def fail(run: LabRun, trouble: str) -> LabRun:
    """Note that it broke, in words for a person."""
    return _finish(run, State.FAILED, trouble, {})


@transaction.atomic
def cancel(run: LabRun, by: User) -> bool:
    """Stop it; the worker notices at its next word. False where it is over already."""
    require(by, run.team, "author")
    stopped = LabRun.objects.filter(pk=run.pk, state__in=OPEN).update(
        state=State.CANCELLED, finished_at=timezone.now(), stage="Cancelled"
    )
    if stopped:
        record(by, run.team, "lab.cancelled", run, file=run.name)
    return bool(stopped)


def keep(run: LabRun, by: User, places: Iterable[str], expectation: str) -> int:
    """Keep chosen examples ("rule-example") with the rule; how many. Raises TooManyEventsError."""
    if run.samples is None:
        return 0
    found = [one for place in places if (one := example(run, place)) is not None]
    services.add(run.samples, by, [ParsedEvent(one["name"][:120], one["fields"]) for one in found], expectation)
    return len(found)


def example(run: LabRun, place: str) -> dict[str, Any] | None:
    """The example at "rule-example", both counted from 0, with the packed rule under `rule`; None for none."""
    rule, _, number = place.partition("-")
    try:
        told = run.result["rules"][int(rule)]
        found: dict[str, Any] = told["examples"][int(number)]
        packed = next(row["rule"] for row in run.rules if row["rule"]["name"] == told["rule"])
    except (KeyError, IndexError, ValueError, StopIteration):
        return None
    return {**found, "rule": packed}


def stranded() -> Iterable[LabRun]:
    """Runs that a lost message or a killed worker left behind. One that another worker has at hand is among them:
    sending it again does nothing."""
    return LabRun.objects.filter(state__in=OPEN).defer("rules", "result")


def _progress(run: LabRun, progress: Progress) -> None:
    bad = f", {progress.bad_count:,} lines are no events" if progress.bad_count else ""
    _tell(run, f"{progress.lines:,} lines read{bad}", progress.done, events=progress.events, fired=progress.fired)


def _tell(run: LabRun, stage: str, done: int, **counts: int) -> None:
    """Write down how far it is. Raises CancelledError where it was cancelled or deleted meanwhile."""
    running = LabRun.objects.filter(pk=run.pk, state=State.RUNNING)
    if not running.update(stage=stage[:200], done=min(done, run.size), **counts):
        raise CancelledError


@transaction.atomic
def _finish(run: LabRun, state: str, trouble: str, result: dict[str, Any]) -> LabRun:
    finished = LabRun.objects.filter(pk=run.pk, state__in=OPEN).update(
        state=state, trouble=trouble, result=result, finished_at=timezone.now(), done=run.size, stage="",
        events=result.get("events", 0), fired=result.get("fired", 0),
    )  # fmt: skip
    run.refresh_from_db()
    if finished:
        record(run.asked_by, run.team, f"lab.{state}", run, file=run.name, events=run.events, fired=run.fired)
    return run


def _require_place(team: Team) -> None:
    quotas.require_place(team, LabRun.objects.filter(team=team, state__in=OPEN), "lab runs", "lab")


def _store(upload: UploadedFile[bytes], path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("wb") as kept:
            for chunk in upload.chunks():
                kept.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _copy(path: Path, to: Path) -> None:
    try:
        shutil.copyfile(path, to)
    except BaseException:
        to.unlink(missing_ok=True)
        raise


def _forget_old(team: Team) -> None:
    """Rows and files of long ago go; what still runs stays."""
    over = LabRun.objects.filter(team=team).exclude(state__in=OPEN)
    for run in over[KEPT_FILES:]:
        run.path.unlink(missing_ok=True)
    LabRun.objects.filter(pk__in=[run.pk for run in over[KEPT_RUNS:]]).delete()


def _send(run: LabRun) -> None:
    from studio.lab.tasks import try_upload

    send(try_upload, run)
