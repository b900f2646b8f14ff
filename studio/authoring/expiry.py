"""Exceptions with a last day: which have expired, which are about to. The rules file only says it in a comment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone

from studio.authoring.content import ExceptionTable

#: An exception is warned about this long before its last day.
SOON = timedelta(days=14)


class Standing(StrEnum):
    """How an exception stands to its last day."""

    OPEN = "open"
    LATER = "later"
    SOON = "soon"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Expiry:
    """An exception with its last day, None where it has none, as seen on one day. days: from then to the last day."""

    table: ExceptionTable
    last: date | None
    days: int = 0

    @property
    def standing(self) -> Standing:
        if self.last is None:
            return Standing.OPEN
        if self.days < 0:
            return Standing.EXPIRED
        return Standing.SOON if self.days <= SOON.days else Standing.LATER

    @property
    def is_due(self) -> bool:
        """Whether somebody should look at it."""
        return self.standing in (Standing.SOON, Standing.EXPIRED)

    @property
    def words(self) -> str:
        """How it stands, for a person."""
        if self.last is None:
            return "has no last day"
        if self.days in (-1, 0, 1):
            return {-1: "expired yesterday", 0: "expires today", 1: "expires tomorrow"}[self.days]
        return f"expired {-self.days} days ago" if self.days < 0 else f"expires in {self.days} days"


def of(table: ExceptionTable, today: date | None = None) -> Expiry:
    """How one exception stands today."""
    last = read(table.expires)
    return Expiry(table, last, (last - (today or timezone.localdate())).days if last else 0)


def due(tables: Iterable[ExceptionTable], today: date | None = None) -> list[Expiry]:
    """Those that have expired or soon will, the earliest first."""
    found = [one for table in tables if (one := of(table, today)).is_due]
    return sorted(found, key=lambda one: one.days)


def read(text: str) -> date | None:
    """The day that a text such as 2026-12-31 names; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
