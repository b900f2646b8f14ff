"""The one way to write in the journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from studio.accounts.models import Team, User
from studio.audit import queries
from studio.audit.models import JournalEntry, JournalHead

#: By what means the person acts, in words: a token of the interface for programs.
_by_way_of: ContextVar[str] = ContextVar("by_way_of", default="")


@transaction.atomic
def record(
    actor: User | None, team: Team | None, verb: str, target: models.Model | str = "", **details: Any
) -> JournalEntry:
    """Add an entry: `actor` did `verb` ("draft.created") to `target`; None as actor means Mews itself.

    Call it inside the transaction of the deed, so that deed and entry stand or fall together. `details` must be JSON.
    """
    head = _head()
    if not head.holds:
        _append(head, JournalEntry(actor="Mews", verb=queries.SEAL_BROKEN, target=str(head)[:300]))
    if by := _by_way_of.get():
        details["by_way_of"] = by
    entry = JournalEntry(
        actor_id=actor.pk if actor else None,
        actor=str(actor)[:300] if actor else "Mews",
        team_id=team.pk if team else None,
        verb=verb,
        target=str(target)[:300],
        details=json.loads(json.dumps(details, cls=DjangoJSONEncoder)),
    )
    if isinstance(target, models.Model):
        entry.target_type, entry.target_id = target._meta.label_lower, str(target.pk)
    return _append(head, entry)


@contextmanager
def acting() -> Iterator[None]:
    """What is done inside is over with it: `by_way_of` said in there does not count afterwards."""
    before = _by_way_of.set("")
    try:
        yield
    finally:
        _by_way_of.reset(before)


def by_way_of(what: str) -> None:
    """From now on, inside of `acting`, entries say by what means their person acts."""
    _by_way_of.set(what)


def _head() -> JournalHead:
    """The newest entry's place, locked until the transaction ends."""
    head, new = JournalHead.objects.select_for_update().get_or_create(pk=1)
    if new:
        number, entry_hash = queries.newest()
        if number:  # the head was taken away: the seal stays empty, which the next entry tells
            head.number, head.hash = number, entry_hash
        elif not queries.people_before(timezone.now()):  # else the whole log was taken away, which it tells too
            head.point_to(0, "")
    return head


def _append(head: JournalHead, entry: JournalEntry) -> JournalEntry:
    entry.number, entry.prev_hash = head.number + 1, head.hash
    entry.hash = entry.digest()
    entry.save()
    head.point_to(entry.number, entry.hash)
    head.save()
    return entry
