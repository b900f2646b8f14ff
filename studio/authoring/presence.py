"""Who has a draft open now: one row a person and draft, which counts as long as it is fresh."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from studio.accounts.models import User
from studio.authoring.models import Draft, DraftPresence
from studio.authoring.steps import BY_SLUG
from studio.failures import optional_write

#: How long somebody counts as here after the last sign of them; an open page gives one every 15 seconds.
FRESH = timedelta(seconds=45)
#: Rows older than this are taken away.
OLD = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody else who has the draft open, and the title of the step they are at."""

    user: User
    step: str


def note(draft: Draft, user: User, step: str) -> None:
    """Somebody is here now. No change of the draft: version and journal stay as they are."""
    with optional_write("presence"):
        _note(draft, user, step)


def _note(draft: Draft, user: User, step: str) -> None:
    now = timezone.now()
    mine = DraftPresence.objects.filter(draft=draft, user=user)
    if not mine.update(step=step, at=now):
        DraftPresence.objects.bulk_create(
            [DraftPresence(draft=draft, user=user, step=step, at=now)], ignore_conflicts=True
        )
        DraftPresence.objects.filter(at__lt=now - OLD).delete()


def others(draft: Draft, user: User) -> list[Present]:
    """Everybody else who is here, by name."""
    fresh = DraftPresence.objects.filter(draft=draft, at__gte=timezone.now() - FRESH).exclude(user=user)
    return [
        Present(one.user, BY_SLUG[one.step].title if one.step in BY_SLUG else "")
        for one in fresh.select_related("user").order_by("user__name", "user_id")
    ]
