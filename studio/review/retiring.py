"""Deprecate an approved rule, with a reason, and take that back."""

from __future__ import annotations

from django.db import transaction

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.review import telling
from studio.review.lifecycle import DEPRECATE, REINSTATE, Verb
from studio.review.models import Revision
from studio.review.permissions import NEEDS
from studio.review.services import move

#: Characters of a reason.
MOST_REASON = 500


class NoReasonError(Exception):
    """Deprecating and reinstating take a reason."""


def deprecate(revision_id: int, team: Team, by: User, reason: str) -> Revision:
    """The approved revision no longer counts: packs leave it out from their next release on.

    Raises NoReasonError, WrongStateError, RoleNeeded, and Revision.DoesNotExist for another team's.
    """
    return _move(revision_id, team, by, DEPRECATE, reason)


def reinstate(revision_id: int, team: Team, by: User, reason: str) -> Revision:
    """The deprecated revision is approved again, as it was. Raises as `deprecate` does."""
    return _move(revision_id, team, by, REINSTATE, reason)


@transaction.atomic
def _move(revision_id: int, team: Team, by: User, verb: Verb, reason: str) -> Revision:
    require(by, team, NEEDS["deprecate"])
    said = " ".join(reason.split())[:MOST_REASON]
    if not said:
        raise NoReasonError("Say why; the reason stays with the rule.")
    found = Revision.objects.select_for_update(of=("self",)).select_related("draft", "team")
    revision = found.get(pk=revision_id, team=team)
    move(revision, verb, by, reason=said)
    telling.retired(revision, by, verb.name, said)
    return revision
