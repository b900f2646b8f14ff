"""The one way to write in the journal."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from studio.accounts.models import Team, User
from studio.audit.models import JournalEntry


@transaction.atomic
def record(
    actor: User | None, team: Team | None, verb: str, target: models.Model | str = "", **details: Any
) -> JournalEntry:
    """Add an entry: `actor` did `verb` ("draft.created") to `target`; None as actor means Mews itself.

    Call it inside the transaction of the deed, so that deed and entry stand or fall together. `details` must be JSON.
    """
    last = JournalEntry.objects.select_for_update().order_by("-number").first()
    entry = JournalEntry(
        number=last.number + 1 if last else 1,
        prev_hash=last.hash if last else "",
        actor_id=actor.pk if actor else None,
        actor=str(actor)[:300] if actor else "Mews",
        team_id=team.pk if team else None,
        verb=verb,
        target=str(target)[:300],
        details=json.loads(json.dumps(details, cls=DjangoJSONEncoder)),
    )
    if isinstance(target, models.Model):
        entry.target_type, entry.target_id = target._meta.label_lower, str(target.pk)
    entry.hash = entry.digest()
    entry.save()
    return entry
