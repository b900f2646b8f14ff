"""The verbs of an import: start it, change where things go and what is imported, import it, submit the drafts.

A request only writes the row and sends a message; the worker (import_worker) does the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.authoring.models import Draft
from studio.carrying import send as send_task
from studio.definitions import queries as definitions
from studio.definitions import rule_sets
from studio.definitions.models import DefinitionVersion, RuleSetVersion
from studio.library import import_items, import_services, importing
from studio.library.import_services import AlreadyImportedError
from studio.library.importing import Placing, Where
from studio.library.models import RulesFile
from studio.review.permissions import NEEDS
from studio.version import VERSION

__all__ = ["AlreadyImportedError", "BusyError", "ChangedChoicesError"]

State, Submission = RulesFile.State, RulesFile.Submission
OPEN = (State.READING, State.IMPORTING)
#: Imports that nobody finished are deleted after so long, and the oldest of so many of a team.
FORGOTTEN_AFTER = timedelta(days=7)
MAX_UNFINISHED = 50
#: Large columns that lists and progress pages don't need.
HEAVY = ("data", "files", "outcome", "submission")


class BusyError(Exception):
    """The import is in a state in which this is not possible; the message says which."""


class ChangedChoicesError(Exception):
    """Another person changed the choices since they were shown."""


def imports(team: Team) -> QuerySet[RulesFile]:
    """The team's imports, the newest first."""
    return RulesFile.objects.filter(team=team).select_related("team", "by", "changed_by", "imported_by").defer(*HEAVY)


@transaction.atomic
def start(
    team: Team,
    by: User,
    name: str,
    given: bytes | Sequence[tuple[str, str]],
    placing: Placing | None = None,
    *,
    send: bool = True,
) -> RulesFile:
    """Store an upload, or texts with their names, and ask the worker to read it; with send=False the caller does."""
    require(by, team, "author")
    _forget(team)
    file = RulesFile(team=team, by=by, name=name[:200], stage="Waiting for the worker")
    if isinstance(given, bytes):
        file.data, file.digest = given, hashlib.sha256(given).hexdigest()
    else:
        file.files, file.digest = [list(one) for one in given], _digest(given)
    file.placing = asdict(_placing(team, file.name, placing or Placing()))
    file.save()
    record(by, team, "rules_file.kept", file, digest=file.digest)
    if send:
        transaction.on_commit(lambda: _send(file))
    return file


@transaction.atomic
def place(file_id: int, team: Team, by: User, placing: Placing) -> RulesFile:
    """Decide where macros and lists go; the worker makes the plan again. Raises BusyError, RulesFile.DoesNotExist."""
    require(by, team, "author")
    file = _locked(file_id, team, State.READY, State.FAILED)
    if file.placing == asdict(placing) and file.state == State.READY:
        return file
    file.placing = asdict(placing)
    read_again(file)
    record(by, team, "rules_file.placed", file, where=placing.where)
    return file


@transaction.atomic
def retry(file_id: int, team: Team, by: User) -> RulesFile:
    """Read a file again after a failure. Raises BusyError, RulesFile.DoesNotExist."""
    require(by, team, "author")
    file = _locked(file_id, team, State.FAILED)
    read_again(file)
    record(by, team, "rules_file.retried", file)
    return file


@transaction.atomic
def choose(file_id: int, team: Team, by: User, change: import_items.Change, seen: int | None = None) -> RulesFile:
    """Change what is done with items. seen: the version of the choices that were shown.

    Raises ChangedChoicesError where another person changed them since, BusyError, RulesFile.DoesNotExist.
    """
    require(by, team, "author")
    file = _locked(file_id, team, State.READY)
    _check_seen(file, by, seen)
    changed = import_items.apply(file, change)
    if changed:
        file.version, file.changed_by = file.version + 1, by
        file.save(update_fields=["version", "changed_by"])
        record(by, team, "rules_file.chosen", file, items=changed)
    return file


@transaction.atomic
def ask(file_id: int, team: Team, by: User, seen: int | None = None, *, send: bool = True) -> RulesFile:
    """Ask the worker to import as chosen; with send=False the caller does it.

    Raises AlreadyImportedError, BusyError, ChangedChoicesError, RulesFile.DoesNotExist.
    """
    require(by, team, "author")
    file = _locked(file_id, team, State.READY)
    _check_seen(file, by, seen)
    if not file.items.exclude(choice=importing.SKIP).exists():
        raise BusyError("Everything is skipped. Select at least one item to import.")
    file.state, file.imported_by, file.attempts, file.percent = State.IMPORTING, by, 0, 0
    file.stage, file.trouble = "Waiting for the worker", ""
    file.save(update_fields=["state", "imported_by", "attempts", "percent", "stage", "trouble"])
    cache.delete(file.progress_key)
    record(by, team, "rules_file.import_requested", file)
    if send:
        transaction.on_commit(lambda: _send(file))
    return file


@transaction.atomic
def submit(file_id: int, team: Team, by: User) -> RulesFile:
    """Ask the worker to submit all drafts of an import for review. Raises BusyError, RulesFile.DoesNotExist."""
    require(by, team, NEEDS["hand in"])
    file = _locked(file_id, team, State.IMPORTED, imported=True)
    if file.submission_state == Submission.RUNNING:
        raise BusyError("The drafts are being submitted already.")
    file.submission_state, file.submitted_by, file.submission = Submission.RUNNING, by, []
    file.save(update_fields=["submission_state", "submitted_by", "submission"])
    record(by, team, "rules_file.submitted", file)
    transaction.on_commit(lambda: _send(file))
    return file


def refresh(file: RulesFile) -> RulesFile:
    """The import for its page: where the team's rules changed since the plan was made, the worker makes it again."""
    if file.state != State.READY or file.plan_key == plan_key(file):
        return file
    with transaction.atomic():
        locked = RulesFile.objects.select_for_update(of=("self",)).select_related("team").defer(*HEAVY).get(pk=file.pk)
        if locked.state == State.READY and locked.plan_key != plan_key(locked):
            read_again(locked)
    return imports(file.team).get(pk=file.pk)


def plan_key(file: RulesFile) -> str:
    """Changes with everything that the plan follows from: the file, where things go, the team's rules of these names,
    macros and lists, and Mews itself."""
    stamps = [
        str(kind.objects.filter(team_id=file.team_id).order_by("-id").values_list("stamp", flat=True).first())
        for kind in (DefinitionVersion, RuleSetVersion)
    ]
    names = set(file.items.filter(kind="rule").values_list("name", flat=True))
    drafts = Draft.objects.filter(team_id=file.team_id, deleted_at=None).order_by("pk")
    known = [row for row in drafts.values_list("pk", "version", "title") if row[2] in names]
    parts = [VERSION, file.digest, sorted(file.placing.items()), stamps, known]
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def stranded() -> Iterable[RulesFile]:
    """Imports that a lost message or a killed worker left behind. One that a worker has at hand is among them: sending
    it again does nothing."""
    return _open().defer(*HEAVY)


def is_open(file: RulesFile) -> bool:
    """Whether the worker has something to do for it."""
    return _open().filter(pk=file.pk).exists()


def _open() -> QuerySet[RulesFile]:
    return RulesFile.objects.filter(state__in=OPEN) | RulesFile.objects.filter(submission_state=Submission.RUNNING)


def _locked(file_id: int, team: Team, *states: str, imported: bool = False) -> RulesFile:
    file = RulesFile.objects.select_for_update(of=("self",)).select_related("team").get(pk=file_id, team=team)
    if file.state == State.IMPORTED and not imported:
        raise AlreadyImportedError(f"{file.name} was imported already.")
    if file.state not in states:
        words = {
            State.READING: "is being read. Wait until the preview is shown.",
            State.IMPORTING: f"is being imported by {file.imported_by}.",
            State.FAILED: "could not be read. Try again, or import another file.",
            State.READY: "was read already.",
        }
        raise BusyError(f"{file.name} {words[State(file.state)]}")
    return file


def _check_seen(file: RulesFile, by: User, seen: int | None) -> None:
    if seen is not None and seen != file.version and file.changed_by not in {None, by}:
        raise ChangedChoicesError(
            f"{file.changed_by} changed the choices since you opened this page. Check them again."
        )


def read_again(file: RulesFile, trouble: str = "") -> None:
    """Ask the worker to read the file again; part of a verb, which records it."""
    file.state, file.request, file.attempts, file.percent = State.READING, file.request + 1, 0, 0
    file.stage, file.trouble, file.reasons = "Waiting for the worker", trouble, []
    file.save(update_fields=["state", "request", "attempts", "percent", "stage", "trouble", "reasons", "placing"])
    transaction.on_commit(lambda: _send(file))


def _placing(team: Team, name: str, placing: Placing) -> Placing:
    """Where macros and lists go unless a person says otherwise: a file imported before updates its rule set."""
    if placing.where != Where.RULE_SET or placing.title or placing.rule_set:
        return placing
    slug = rule_sets.slug_of(import_services.title_of(name))
    is_known = definitions.rule_sets(team).filter(slug=slug).exists()
    return Placing(rule_set=slug) if is_known else placing


def _forget(team: Team) -> None:
    unfinished = RulesFile.objects.filter(team=team).exclude(state__in=[State.IMPORTING, State.IMPORTED])
    unfinished.filter(at__lt=timezone.now() - FORGOTTEN_AFTER).delete()
    old = list(unfinished.order_by("-at", "-pk").values_list("pk", flat=True)[MAX_UNFINISHED - 1 :])
    RulesFile.objects.filter(pk__in=old).delete()


def _digest(files: Sequence[tuple[str, str]]) -> str:
    return hashlib.sha256(repr(list(files)).encode("utf-8", "surrogatepass")).hexdigest()


def _send(file: RulesFile) -> None:
    from studio.library.tasks import import_rules

    send_task(import_rules, file)
