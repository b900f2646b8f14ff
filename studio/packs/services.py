"""The verbs of an export: ask for one, carry it out, hand it over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio import quotas
from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.authoring.content import frozen
from studio.authoring.models import Draft
from studio.carrying import send
from studio.definitions import queries as definitions
from studio.packs import recovery, store
from studio.packs.making import Made, make
from studio.packs.models import ExportRun
from studio.verdicts.falco import RulesFile
from studio.verdicts.services import asked

#: More rules in one file than this is a pack's work, and a page of them cannot be read.
MOST_RULES = 500


@transaction.atomic
def start(team: Team, by: User, drafts: Iterable[Draft], mode: str) -> ExportRun:
    """Ask for a file of `drafts` as they are now. The content is copied, so that later edits do not reach it."""
    require(by, team, "author")
    waiting = ExportRun.objects.filter(team=team, state__in=[ExportRun.State.WAITING, ExportRun.State.RUNNING])
    quotas.require_place(team, waiting, "exports", "exports")
    own = definitions.own(team.pk)
    rules = [
        {"draft": one.pk, "version": one.version, "name": one.title, "content": frozen(one.content, own)}
        for one in drafts
    ]
    run = ExportRun.objects.create(team=team, requested_by=by, mode=ExportRun.Mode(mode), rules=rules[:MOST_RULES])
    record(by, team, "export.requested", run, mode=mode, rules=run.rule_names, drafts=[rule["draft"] for rule in rules])
    transaction.on_commit(lambda: _send(run))
    return run


def carry_out(run: ExportRun) -> ExportRun:
    """Make the file. Safe to call again: a run that is over stays as it is."""
    with store.claimed(f"export-{run.pk}") as ours:
        if not ours or not _begin(run):
            return run
        if run.attempts > store.MOST_ATTEMPTS:
            return fail(run, store.GIVEN_UP)
        return _made(run)


def _made(run: ExportRun) -> ExportRun:
    _tell(run, 20, "Checking with our engine")
    made = make(run.rules, run.mode)
    if made.reasons:
        return _refuse(run, made)
    _tell(run, 60, "Writing the file")
    data = made.text.encode()
    run.digest, run.size = hashlib.sha256(data).hexdigest(), len(data)
    store.write(run.path, data)
    _tell(run, 80, "Asking the real Falco")
    # Falco gets the rules with everything they need: an overlay by itself would lack its macros.
    run.falco_check = asked([RulesFile(run.filename, made.standalone)], loads=True)
    return _finish(run, ExportRun.State.DONE, "Ready", made.summary)


def fail(run: ExportRun, trouble: str) -> ExportRun:
    """Note that something of ours broke, in words for a person."""
    run.trouble = trouble
    return _finish(run, ExportRun.State.FAILED, "Failed")


def handed_over(run: ExportRun, by: User) -> bytes:
    """The file's bytes, with the record of who took it. Raises FileGoneError."""
    data = recovery.export_file(run)
    record(by, run.team, "export.downloaded", run, digest=run.digest, rules=run.rule_names)
    return data


def stranded() -> Iterable[ExportRun]:
    """Runs that a lost message or a killed worker left behind. One that another worker has at hand is among them:
    sending it again does nothing."""
    return ExportRun.objects.filter(state__in=[ExportRun.State.WAITING, ExportRun.State.RUNNING])


def _begin(run: ExportRun) -> bool:
    """Take the run, unless it is over already."""
    open_states = [ExportRun.State.WAITING, ExportRun.State.RUNNING]
    taken = ExportRun.objects.filter(pk=run.pk, state__in=open_states).update(
        state=ExportRun.State.RUNNING,
        started_at=timezone.now(),
        percent=5,
        stage="Collecting the rules",
        attempts=F("attempts") + 1,
    )
    run.refresh_from_db()
    return bool(taken)


def _tell(run: ExportRun, percent: int, stage: str) -> None:
    run.percent, run.stage = percent, stage
    run.save(update_fields=["percent", "stage"])


def _refuse(run: ExportRun, made: Made) -> ExportRun:
    run.findings = [asdict(reason) for reason in made.reasons]
    return _finish(run, ExportRun.State.REFUSED, "Refused")


@transaction.atomic
def _finish(run: ExportRun, state: ExportRun.State, stage: str, summary: dict[str, object] | None = None) -> ExportRun:
    run.state, run.stage, run.percent, run.finished_at = state, stage, 100, timezone.now()
    run.summary = summary or {}
    run.save()
    record(run.requested_by, run.team, f"export.{state}", run, digest=run.digest, reasons=len(run.findings))
    return run


def _send(run: ExportRun) -> None:
    from studio.packs.tasks import make_export

    send(make_export, run)
