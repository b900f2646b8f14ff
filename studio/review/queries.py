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


def approved_before(revision: Revision) -> Revision | None:
    """The last revision of the same draft that was approved before this one."""
    return family(revision).filter(approved_at__isnull=False, number__lt=revision.number).first()


def family(revision: Revision) -> QuerySet[Revision]:
    """All revisions of the same draft, newest first."""
    return revisions(revision.team).filter(draft=revision.draft).order_by("-number")
