"""Who is told what of a team's own behaviours, in the app's notices."""

from __future__ import annotations

from studio.accounts.models import User
from studio.behaviours.models import OwnVersion
from studio.behaviours.own import queries
from studio.notices.models import Kind
from studio.notices.services import send


def handed_in(one: OwnVersion, by: User) -> None:
    """Everybody who may approve it."""
    text = f"{by} handed in the behaviour {one}"
    send(one.behaviour.team, queries.able_to_approve(one), by, Kind.HANDED_IN, text, one.get_absolute_url())


def decided(one: OwnVersion, by: User, approved: bool) -> None:
    """Those who wrote in it."""
    kind, words = (Kind.APPROVED, "approved") if approved else (Kind.CHANGES, "sent back")
    text = f"{by} {words} the behaviour {one}"
    send(one.behaviour.team, one.editors.all(), by, kind, text, one.get_absolute_url(), one.decision)
