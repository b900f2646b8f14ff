"""What happens to people and teams is told here; the journal, a room below this one, listens and writes it down."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.dispatch import Signal

from studio.accounts.models import Team, User

# Sent with actor (None for Mews itself), team (or None), verb, target (a model or words), details (a dict).
happened = Signal()


def tell(actor: User | None, team: Team | None, verb: str, target: models.Model | str, **details: Any) -> None:
    """Send `happened` inside the transaction of the deed."""
    happened.send(sender=tell, actor=actor, team=team, verb=verb, target=target, details=details)
