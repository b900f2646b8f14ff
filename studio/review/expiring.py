"""The exceptions of approved rules, as those who answer for them look at them: owner, reason, last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from studio.accounts.models import Team
from studio.authoring import expiry
from studio.authoring.expiry import Expiry
from studio.review import queries
from studio.review.lifecycle import State
from studio.review.models import Revision

#: View → its words.
VIEWS = {"due": "Expired or soon", "ownerless": "Without an owner", "all": "All"}


@dataclass(frozen=True, slots=True)
class Held:
    """One exception of an approved rule, and how it stands to its last day."""

    revision: Revision
    expiry: Expiry

    def is_in(self, view: str) -> bool:
        """Whether one of VIEWS shows it."""
        return {"due": self.expiry.is_due, "ownerless": not self.expiry.table.owner}.get(view, True)


def held(team: Team, *, only_dated: bool = False) -> list[Held]:
    """Every exception of the team's approved rules, the earliest last day first; `only_dated`: those that have one."""
    found = queries.revisions(team, State.APPROVED)
    if only_dated:
        found = found.filter(content__exceptions__icontains='"expires"')
    today = timezone.localdate()
    rows = [Held(one, expiry.of(table, today)) for one in found for table in one.rule_content().exceptions]
    return sorted(rows, key=lambda one: (one.expiry.last or date.max, one.revision.name, one.expiry.table.name))


def due(team: Team) -> list[Held]:
    """Those that have expired or soon will."""
    return [one for one in held(team, only_dated=True) if one.expiry.is_due]
