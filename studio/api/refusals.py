"""What services raise, as problems: which status, which words, what is wrong where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from django import forms
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError, ValidationError

from studio.accounts.services import LastAdministrator, OwnAccount, WorksElsewhereToo
from studio.api.problems import Problem, at, not_found
from studio.authoring.content import to_json
from studio.authoring.edits import RefusedEditError
from studio.authoring.reading import UnreadableError
from studio.authoring.services import NothingToUndoError, StaleDraftError
from studio.behaviours.own import services as own
from studio.behaviours.parameters import ParameterError
from studio.definitions.rule_sets import RuleSetRefusedError
from studio.definitions.services import InUseError, RefusedError, StaleDefinitionError
from studio.failures import failure_of
from studio.lab.services import TooManyEventsError
from studio.library.import_jobs import AlreadyImportedError, BusyError, ChangedChoicesError
from studio.notices.webhooks import CannotKeep
from studio.packs.channels import TooManyLinksError
from studio.packs.delivering import CannotDeliverError
from studio.packs.pack_services import StalePackError, TooManyRulesError
from studio.packs.release_services import CannotReleaseError
from studio.packs.rollback import CannotRollBackError
from studio.review.decisions import CannotDecideError
from studio.review.lifecycle import WrongStateError
from studio.review.retiring import NoReasonError
from studio.review.services import CannotAssignError, NotReadyError
from studio.review.talk import CannotTalkError
from studio.saved.services import CannotKeepError
from studio.stored import FileGoneError

log = structlog.get_logger(__name__)

#: Refusals whose own words are the whole answer: the thing stands otherwise than the caller thought.
CONFLICTS = (
    AlreadyImportedError, BusyError, CannotAssignError, CannotDecideError, CannotDeliverError, CannotKeep,
    CannotKeepError, CannotRollBackError, CannotTalkError, ChangedChoicesError, InUseError, LastAdministrator,
    NoReasonError, OwnAccount, RuleSetRefusedError, StalePackError, TooManyEventsError, TooManyLinksError,
    TooManyRulesError, WorksElsewhereToo, WrongStateError, own.RefusedError,
)  # fmt: skip
#: What a request held that cannot be taken as it is.
WRONG = (ParameterError, RefusedEditError)
#: A body that cannot be read as the multipart form that it says it is.
UNREADABLE = (MultiPartParserError, SuspiciousOperation, UnreadablePostError)


def problem_of(error: Exception) -> Problem | None:
    """The problem that an exception stands for; None for what nobody foresaw."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, CONFLICTS):
        return Problem(409, str(error))
    if isinstance(error, WRONG):
        return Problem(422, str(error), [at("", error)])
    if isinstance(error, UNREADABLE):
        return Problem(400, "The body is no form that can be taken.")
    if isinstance(error, (ObjectDoesNotExist, OverflowError)):
        return not_found("There is nothing of this number or name in this team.")
    if isinstance(error, Http404):
        return not_found()
    make = next((one for kind, one in _MORE.items() if isinstance(error, kind)), None)
    return make(error) if make else None


def answer(request: HttpRequest, error: Any) -> HttpResponse:
    """The answer to a request that failed; what nobody foresaw goes to the log."""
    problem = problem_of(error)
    if problem is None and (failure := failure_of(error)):
        log.warning("api_failed", path=request.path, error=f"{type(error).__name__}: {error}")
        problem = Problem(failure.status, failure.reason, retry_after=failure.retry_after)
    if problem is None:
        log.exception("api_failed", path=request.path, exc_info=error)
        problem = Problem(500, "Something went wrong on the server, and it is in the log.")
    return problem.answer()


def checked(form: forms.BaseForm) -> None:
    """Raise the problem with what is wrong in the form, unless it is valid."""
    if form.is_valid():
        return
    wrong = [at("" if name == "__all__" else name, said) for name, found in form.errors.items() for said in found]
    raise Problem(422, "Something in the request cannot be taken.", wrong)


@contextmanager
def placed(place: str) -> Iterator[None]:
    """What Django's forms refuse inside is wrong at this place."""
    try:
        yield
    except forms.ValidationError as error:
        raise Problem(422, " ".join(error.messages), [at(place, one) for one in error.messages]) from error


def _invalid(error: Exception) -> Problem:
    assert isinstance(error, ValidationError)
    wrong = [at(_place(one["loc"]), one["msg"]) for one in error.errors[:50]]
    return Problem(422, "The request is not as the description of this address says.", wrong)


def _place(loc: tuple[str | int, ...]) -> str:
    """ "content.name" of ("body", "data", "content", "name")."""
    return ".".join(str(one) for one in (loc[2:] if loc[:1] == ("body",) else loc[1:]))


def _stale(error: Exception) -> Problem:
    assert isinstance(error, StaleDraftError)
    return Problem(
        409, str(error), version=error.draft.version, theirs=to_json(error.theirs), mine=to_json(error.mine),
        colliding=[part.key for part in error.versions.parts() if part.collides] if error.mergeable else [],
    )  # fmt: skip


def _stale_definition(error: Exception) -> Problem:
    assert isinstance(error, StaleDefinitionError)
    now = error.theirs
    theirs = {"name": now.name, "condition": now.condition, "items": now.items, "description": now.description}
    return Problem(409, str(error), version=now.version, theirs=theirs)


def _not_ready(error: Exception) -> Problem:
    assert isinstance(error, (NotReadyError, CannotReleaseError))
    return Problem(409, error.reasons[0] if error.reasons else str(error), [at("", one) for one in error.reasons])


def _refused(error: Exception) -> Problem:
    assert isinstance(error, RefusedError)
    return Problem(422, str(error), [at(one.place, one.message) for one in error.findings])


def _unreadable(error: Exception) -> Problem:
    assert isinstance(error, UnreadableError)
    wrong = [at(f"line {one.line}, column {one.column}" if one.line else "", one.message) for one in error.reasons[:50]]
    return Problem(422, "Falco cannot read this.", wrong)


def _http(error: Exception) -> Problem:
    assert isinstance(error, HttpError)
    words = {
        400: "The body is no JSON that can be taken: malformed, nested too deeply, or with characters or numbers that "
        "cannot be kept.",
        401: "Send a live token: Authorization: Bearer mews_…",
        429: "This token asks too often. Wait a minute.",
    }
    return Problem(error.status_code, words.get(error.status_code, error.message))


_MORE: Mapping[type[Exception], Callable[[Exception], Problem]] = {
    StaleDraftError: _stale,
    StaleDefinitionError: _stale_definition,
    NothingToUndoError: lambda error: Problem(409, "There is nothing to go back or forward to."),
    NotReadyError: _not_ready,
    CannotReleaseError: _not_ready,
    RefusedError: _refused,
    UnreadableError: _unreadable,
    ValidationError: _invalid,
    HttpError: _http,
    FileGoneError: lambda error: Problem(410, str(error)),
    PermissionDenied: lambda error: Problem(403, str(error) or "You may not do this."),
}
