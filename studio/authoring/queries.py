"""Named reads of drafts."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from studio.accounts.models import Team
from studio.authoring.models import Draft


def drafts(team: Team, text: str = "", technique: str = "") -> QuerySet[Draft]:
    """The team's drafts, the last touched first, with `text` in their name, techniques or author."""
    found = Draft.objects.filter(team=team, deleted_at=None).select_related("author")
    for word in text.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(techniques__icontains=word) | Q(author__name__icontains=word))
    return found.filter(techniques__icontains=technique) if technique else found


def draft(team: Team, pk: int) -> Draft:
    """One draft of the team. Raises Draft.DoesNotExist, for another team's and deleted ones too."""
    return Draft.objects.select_related("author", "team", "samples").get(pk=pk, team=team, deleted_at=None)


def deleted_draft(team: Team, pk: int) -> Draft | None:
    """A draft that was deleted and can be brought back."""
    return Draft.objects.filter(team=team, pk=pk, deleted_at__isnull=False).first()


def can_undo(draft: Draft) -> bool:
    """Whether there is an earlier snapshot."""
    return draft.snapshots.filter(number__lt=draft.position).exists()


def can_redo(draft: Draft) -> bool:
    """Whether there is an undone snapshot."""
    return draft.snapshots.filter(number__gt=draft.position).exists()
