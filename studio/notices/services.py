"""Send notices, and mark them read."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.text import Truncator

from studio.accounts.models import Team, User
from studio.notices import mailing, queries
from studio.notices.models import Kind, Notice


def send(
    team: Team,
    to: Iterable[User],
    by: User | None,
    kind: Kind,
    text: str,
    url: str,
    excerpt: str = "",
    *,
    mailed: bool = False,
) -> None:
    """Tell each of these people once, except who did it (None: the clock); part of the deed's transaction, which is
    journalled there. mailed: they have an email that says the same."""
    people = {one.pk: one for one in to if (by is None or one.pk != by.pk) and one.is_active}
    said, short = Truncator(text).chars(500), Truncator(" ".join(excerpt.split())).chars(300)
    notices = [Notice(team=team, to=one, kind=kind, text=said, excerpt=short, url=url[:300]) for one in people.values()]
    if not mailed:
        mailing.prepare(notices)
    Notice.objects.bulk_create(notices)


def mark_read(person: User, team: Team, pk: int | None = None) -> int:
    """Mark one notice of the person read, or all of them; how many were new. Reading is nothing for the journal."""
    found = queries.unread(person, team)
    return (found.filter(pk=pk) if pk else found).update(read_at=timezone.now())
