"""Named reads of exports, packs and releases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Func, IntegerField, Q, QuerySet

from studio.accounts.models import Team
from studio.authoring.models import Draft
from studio.packs.models import ExportRun, Pack, Release, ReleasedRule
from studio.packs.models.release import HEAVY


class ArrayLength(Func):
    """How many values a JSON array holds, counted by the database."""

    function = "JSON_ARRAY_LENGTH"
    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """As PostgreSQL calls it."""
        return self.as_sql(compiler, connection, function="JSONB_ARRAY_LENGTH", **context)


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


def releases_of(revisions: Iterable[int]) -> dict[int, list[Release]]:
    """Revision → the releases that are ready and hold it, the newest first; yanked ones are left out."""
    rows = ReleasedRule.objects.filter(
        revision__in=list(revisions), release__state=Release.State.DONE, release__yanked_at=None
    )
    rows = rows.select_related("release__pack").defer(*(f"release__{name}" for name in HEAVY))
    found: dict[int, list[Release]] = {}
    for row in rows.order_by("-release__made_at", "-release__pk"):
        found.setdefault(row.revision_id, []).append(row.release)
    return found


def released(team: Team) -> QuerySet[ReleasedRule, int]:
    """Keys of the revisions that are in a release of the team that is ready and not yanked."""
    rows = ReleasedRule.objects.filter(
        release__pack__team=team, release__state=Release.State.DONE, release__yanked_at=None
    )
    return rows.values_list("revision", flat=True)


def packs_saying(team: Team, text: str) -> QuerySet[Pack]:
    """The team's packs in whose name, title or description all words of the text occur."""
    found = Pack.objects.filter(team=team)
    for word in text.replace("\x00", " ").split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(title__icontains=word) | Q(description__icontains=word))
    return found.order_by("title")


def releases_saying(team: Team, text: str) -> QuerySet[Release]:
    """Releases of the team's packs by a pack's name or title together with the beginning of a version."""
    words = text.replace("\x00", " ").split()[:8]
    if not any(word[0].isdigit() for word in words):
        return Release.objects.none()
    found = Release.objects.filter(pack__team=team, state=Release.State.DONE).select_related("pack")
    for word in words:
        named = Q(pack__name__icontains=word) | Q(title__icontains=word)
        found = found.filter(Q(version__startswith=word) if word[0].isdigit() else named)
    return found.only("version", "title", "pack__name", "pack__title").order_by("-made_at")
