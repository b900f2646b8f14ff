"""Named reads of exports."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from studio.accounts.models import Team
from studio.authoring.models import Draft
from studio.packs.models import ExportRun


def runs(team: Team) -> QuerySet[ExportRun]:
    """The team's exports, newest first."""
    return ExportRun.objects.filter(team=team).select_related("requested_by", "falco_check")


def drafts_by_id(team: Team, ids: Iterable[str]) -> list[Draft]:
    """The team's drafts with these ids, in the order asked; ids that are none or another team's are left out."""
    wanted = [int(text) for text in ids if text.isascii() and text.isdigit() and len(text) < 19]
    found = {draft.pk: draft for draft in exportable(team).filter(pk__in=wanted)}
    return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]


def exportable(team: Team) -> QuerySet[Draft]:
    """The team's drafts that may go into a file."""
    return Draft.objects.filter(team=team, deleted_at=None)
