"""Named reads of revisions."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Prefetch, QuerySet

from studio.accounts.models import Team
from studio.review.lifecycle import State
from studio.review.models import Comment, Revision, Thread


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


def threads(revision: Revision) -> dict[str, list[Thread]]:
    """The revision's threads with their comments, by place: "whole", a part, "line 12", or a spot's address."""
    comments = Comment.objects.select_related("author", "applied_by")
    found: dict[str, list[Thread]] = defaultdict(list)
    rows = revision.threads.select_related("resolved_by", "revision")
    for thread in rows.prefetch_related(Prefetch("comments", comments)):
        found[thread.address].append(thread)
    return dict(found)


def open_elsewhere(revision: Revision) -> QuerySet[Thread]:
    """Threads of the draft's other revisions that nobody has resolved, newest first."""
    found = Thread.objects.filter(revision__draft=revision.draft_id, resolved_at=None).exclude(revision=revision)
    return found.select_related("revision").order_by("-id")


def open_threads(revision: Revision) -> QuerySet[Thread]:
    """Conversations about this rule that nobody has resolved: of this revision and of the draft's others."""
    return Thread.objects.filter(revision__draft=revision.draft_id, resolved_at=None)


def deprecated(team: Team) -> set[int]:
    """Keys of the drafts whose rule is deprecated."""
    return set(Revision.objects.filter(team=team, state=State.DEPRECATED).values_list("draft", flat=True))
