"""Named reads of drafts."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from studio.accounts.models import Team
from studio.authoring.content import RuleContent, from_json
from studio.authoring.models import Draft


def drafts(team: Team, text: str = "", technique: str = "") -> QuerySet[Draft]:
    """The team's drafts, the last touched first, with `text` in their name, techniques or author."""
    found = Draft.objects.filter(team=team, deleted_at=None).select_related("author")
    for word in text.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(techniques__icontains=word) | Q(author__name__icontains=word))
    return found.filter(techniques__icontains=technique) if technique else found


def named(team: Team, text: str) -> QuerySet[Draft, tuple[int, str, str]]:
    """(key, title, techniques) of drafts whose title and techniques say every word; an index holds all it reads."""
    found = Draft.objects.filter(team=team, deleted_at=None).order_by("-updated")
    for word in text.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(techniques__icontains=word))
    return found.values_list("pk", "title", "techniques")


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


def at_version(draft: Draft, number: int) -> RuleContent | None:
    """The content as it was at a version; None where it is no longer kept."""
    kept = draft.versions.filter(number=number).first()
    return from_json(kept.content) if kept else None
