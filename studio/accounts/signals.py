"""What happens to people and teams is told here; the journal, a room below this one, listens and writes it down."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.dispatch import Signal

from studio.accounts.models import Team, User

# Sent with actor (None for Mews itself), team (or None), verb, target (a model or words), details (a dict).
happened = Signal()
# Somebody's access ends. Sent with person, team (None for all teams), by (None for Mews itself), because (words).
access_ended = Signal()
# Another user changed something about a person's account. Sent with person, team, by, text (a sentence without its full
# stop), mailed (whether an email of its own says so).
account_changed = Signal()


def tell(actor: User | None, team: Team | None, verb: str, target: models.Model | str, **details: Any) -> None:
    """Send `happened` inside the transaction of the deed."""
    happened.send(sender=tell, actor=actor, team=team, verb=verb, target=target, details=details)


def end_access(person: User, team: Team | None, by: User | None, because: str) -> None:
    """Send `access_ended` inside the transaction of the deed: rooms that give access of their own take it back."""
    access_ended.send(sender=end_access, person=person, team=team, by=by, because=because)


def notify(person: User, team: Team, by: User, text: str, *, mailed: bool = False) -> None:
    """Send `account_changed` inside the transaction of the deed."""
    account_changed.send(sender=notify, person=person, team=team, by=by, text=text, mailed=mailed)
