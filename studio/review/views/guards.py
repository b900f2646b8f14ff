"""Find the team's revision, and say refusals of a deed as messages on its page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import Http404

from studio.accounts.requests import TeamRequest
from studio.review import queries
from studio.review.decisions import CannotDecideError
from studio.review.lifecycle import WrongStateError
from studio.review.models import Revision
from studio.review.services import CannotAssignError
from studio.review.talk import CannotTalkError


def revision_or_404(request: TeamRequest, pk: int) -> Revision:
    """The team's revision; another team's does not exist."""
    try:
        return queries.revision(request.team, pk)
    except (Revision.DoesNotExist, OverflowError) as error:
        raise Http404("There is no such revision in this team.") from error


@contextmanager
def told(request: TeamRequest) -> Iterator[None]:
    """What refuses inside becomes an error message."""
    try:
        yield
    except (CannotAssignError, CannotDecideError, CannotTalkError, WrongStateError) as refusal:
        messages.error(request, str(refusal))


def complain(request: TeamRequest, form: forms.Form) -> None:
    """What is wrong with the form, as one message."""
    messages.error(request, " ".join(str(one) for found in form.errors.values() for one in found))
