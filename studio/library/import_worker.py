"""The worker's part of an import: read, import, submit, in a child process with limits (studio.confined)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F
from django.urls import Resolver404, resolve

from studio.accounts.models import Team, User
from studio.accounts.permissions import RoleNeeded
from studio.audit.services import record
from studio.authoring.models import Draft
from studio.authoring.reading import Reason, UnreadableError
from studio.claims import claimed
from studio.confined import LimitError, Limits, Progress, Work, run
from studio.definitions.rule_sets import RuleSetRefusedError
from studio.library import import_items, import_services, importing
from studio.library.import_jobs import OPEN, State, Submission, is_open, plan_key, read_again
from studio.library.import_services import AlreadyImportedError, ChangedPlanError
from studio.library.importing import Placing
from studio.library.models import RulesFile
from studio.library.reading_files import UnusableError, files_of
from studio.review import services as review

#: How often a worker may die over one step.
MAX_ATTEMPTS = 5
MAX_REASONS = 50
#: Seconds of a child, whatever the settings say; the task of the worker may take longer.
MAX_SECONDS = 1200

BROKEN = "Mews could not finish this import because of an internal error. The server's log has the details. Try again."
log = structlog.get_logger(__name__)


def carry_out(file: RulesFile) -> None:
    """The worker's part: read, import or submit, whatever the row asks for. Safe to call again."""
    while True:
        with claimed(f"import-{file.pk}") as ours:
            if not ours:
                return  # the process that has the claim looks at the row again once it has let go
            while _step(file.pk):
                pass
        if not is_open(file):
            return


def fail(file: RulesFile, trouble: str, reasons: Sequence[Reason] = ()) -> None:
    """Note that the import failed, in words for a person."""
    with transaction.atomic():
        told = [[one.message, one.line, one.column] for one in reasons[:MAX_REASONS]]
        failed = {"state": State.FAILED, "trouble": trouble, "reasons": import_items.clean(told), "stage": ""}
        if RulesFile.objects.filter(pk=file.pk, state__in=OPEN).update(**failed):
            record(file.imported_by or file.by, file.team, "rules_file.failed", file, trouble=trouble)
        submitting = RulesFile.objects.filter(pk=file.pk, submission_state=Submission.RUNNING)
        submitting.update(submission_state=Submission.DONE)


def _step(pk: int) -> bool:
    """One step of the work of a row; False where nothing is left to do."""
    if RulesFile.objects.filter(pk=pk, state__in=OPEN).update(attempts=F("attempts") + 1):
        file = RulesFile.objects.select_related("team", "by", "imported_by").get(pk=pk)
        if file.attempts > MAX_ATTEMPTS:
            fail(file, f"The worker stopped {MAX_ATTEMPTS} times during this import. The server's log has the details.")
        elif file.state == State.READING:
            _read(file)
        else:
            _import(file)
        return True
    running = RulesFile.objects.filter(pk=pk, submission_state=Submission.RUNNING)
    submitting = running.select_related("team", "by", "submitted_by").first()
    if submitting is None:
        return False
    _submit(submitting)
    return True


def _read(file: RulesFile) -> None:
    """Read the upload and make the plan."""
    found = _confined(file, lambda progress: _planned(file, progress), "Reading this file")
    if found is None:
        return
    with transaction.atomic():
        now = RulesFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
        if now.state != State.READING or now.request != file.request:
            return  # somebody asked for another plan meanwhile
        if "reasons" in found:
            fail(file, found["trouble"], [Reason(*one) for one in found["reasons"]])
            return
        now.files, now.data = found["files"], None
        now.plan = {"notes": found["notes"], "rule_sets": found["rule_sets"]}
        import_items.store(now, found["items"])
        now.state, now.percent, now.stage, now.attempts, now.reasons = State.READY, 100, "", 0, []
        now.plan_key = plan_key(now)
        now.save()


def _planned(file: RulesFile, progress: Progress) -> dict[str, Any]:
    """What the file would bring, as JSON; in the child."""
    progress(0, 100, "Reading the file")
    try:
        files = [(name, text) for name, text in file.files] or files_of(file.name, bytes(file.data or b""))
        plan = importing.plan(file.team, files, Placing(**file.placing), progress)
    except UnusableError as error:
        return {"trouble": str(error), "reasons": []}
    except UnreadableError as error:
        told = [[one.message, one.line, one.column] for one in error.reasons[:MAX_REASONS]]
        return {"trouble": "Falco cannot read this file.", "reasons": told}
    items = [import_items.row(one, number) for number, one in enumerate(plan.items)]
    return {"files": files, "notes": plan.notes, "rule_sets": plan.rule_sets, "items": items}


def _import(file: RulesFile) -> None:
    """Import as chosen. All or nothing: the child writes in one transaction."""
    cache.set(file.progress_key, {"percent": 0, "stage": "Checking the plan"}, 3600)
    done = _confined(file, lambda progress: _imported(file, progress), "Importing this file")
    cache.delete(file.progress_key)
    if done is None or done == {}:
        return
    if "changed" not in done:
        fail(file, done["trouble"])
        return
    with transaction.atomic():
        now = RulesFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
        if now.state == State.IMPORTING:
            read_again(now, trouble=done["changed"])


def _imported(file: RulesFile, progress: Progress) -> dict[str, Any]:
    rows = list(file.items.values_list("key", "standing", "choice"))
    asked = {key: choice for key, _, choice in rows}
    expected = [(key, standing) for key, standing, _ in rows]
    by, placing = file.imported_by or file.by, Placing(**file.placing)
    try:
        import_services.carry_out(file.pk, file.team, by, asked, placing, expected=expected, progress=progress)
    except AlreadyImportedError:
        return {}
    except ChangedPlanError as error:
        return {"changed": str(error)}
    except (UnreadableError, RuleSetRefusedError) as error:
        return {"trouble": str(error)}
    except RoleNeeded:
        return {"trouble": f"Nothing was imported: {by} is no longer an author of this team."}
    return {}


def _submit(file: RulesFile) -> None:
    """Submit each draft by itself; one that is not ready does not keep the others back."""
    by = file.submitted_by or file.by
    for outcome in import_services.outcomes(file)[len(file.submission) :]:
        file.submission.append(_submitted(file, by, outcome))
        RulesFile.objects.filter(pk=file.pk).update(submission=file.submission)
    RulesFile.objects.filter(pk=file.pk).update(submission_state=Submission.DONE)


def _submitted(file: RulesFile, by: User, outcome: import_services.Outcome) -> list[Any]:
    """[name, url, submitted, message] of one outcome; without a name for what is no new or replaced rule."""
    draft = draft_of(file.team, outcome)
    if draft is None:
        return ["", "", False, ""]
    try:
        revision = review.hand_in(draft.pk, file.team, by, draft.version, f"Imported from {file.name}")
    except review.NotReadyError as error:
        return [outcome.name, outcome.url, False, " ".join(error.reasons)]
    except (Draft.DoesNotExist, RoleNeeded) as error:
        return [outcome.name, outcome.url, False, str(error)]
    return [outcome.name, revision.get_absolute_url(), True, "Submitted for review."]


def draft_of(team: Team, outcome: import_services.Outcome) -> Draft | None:
    """The draft that an imported rule became, if it is still there."""
    if outcome.kind != "rule" or outcome.did not in {"added", "replaced"}:
        return None
    try:
        key = resolve(outcome.url).kwargs["pk"]
    except (Resolver404, KeyError):
        return None
    return Draft.objects.filter(pk=key, team=team, deleted_at=None).first()


def _confined(file: RulesFile, work: Work, what: str) -> Any:
    """What the work returns; None where a limit stopped it, which is noted.

    Inside a transaction a child would not see what was written, so the work is done here.
    """
    if connection.in_atomic_block:
        return work(lambda done, total, stage: _tell(file, done, total, stage))
    limits = Limits(settings.IMPORT_MEMORY_MIB, min(settings.IMPORT_SECONDS, MAX_SECONDS))
    try:
        return run(work, limits, lambda done, total, stage: _tell(file, done, total, stage))
    except LimitError as error:
        log.warning("import_stopped", key=file.pk, limit=error.limit, signal=error.signal_number)
        fail(file, _stopped(error, limits, what))
        return None


def _stopped(error: LimitError, limits: Limits, what: str) -> str:
    nothing = "Nothing was imported. Split the file into smaller ones and try again."
    if error.limit == "memory":
        return f"{what} needs more than the {limits.mebibytes:,} MiB of memory that an import may use. {nothing}"
    if error.limit == "time":
        return f"{what} takes longer than the {limits.seconds:,.0f} s that an import may take. {nothing}"
    if error.limit == "size":
        return f"The preview of this file is too large to be shown. {nothing}"
    killed = f"was stopped because its process was killed (signal {error.signal_number})"
    return f"{what} {killed}. The server may have run out of memory. {nothing}"


def _tell(file: RulesFile, done: int, total: int, stage: str) -> None:
    told = {"percent": min(99, 100 * done // max(total, 1)), "stage": f"{stage}: {done:,} of {total:,}"}
    if stage == "Reading the file":
        told["stage"] = stage
    if file.state == State.IMPORTING:  # the child's transaction has the row, and on SQLite the database
        cache.set(file.progress_key, told, 3600)
    else:
        RulesFile.objects.filter(pk=file.pk, state=State.READING).update(**told)
