"""Named reads of revisions."""

from __future__ import annotations

from django.db.models import QuerySet

from studio.accounts.models import Team
from studio.review.lifecycle import State
from studio.review.models import Revision


def revisions(team: Team, state: str = "") -> QuerySet[Revision]:
    """The team's revisions, newest first; in one state where `state` names one."""
    found = Revision.objects.filter(team=team).select_related("handed_in_by", "closed_by", "draft")
    return found.filter(state=state) if state in State.values else found


def revision(team: Team, pk: int) -> Revision:
    """One revision of the team. Raises Revision.DoesNotExist."""
    return revisions(team).get(pk=pk)


def others(revision: Revision) -> QuerySet[Revision]:
    """The other revisions of the same draft, newest first."""
    return revisions(revision.team).filter(draft=revision.draft).exclude(pk=revision.pk)
