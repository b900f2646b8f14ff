"""The exceptions of approved rules, as those who answer for them look at them: owner, reason, last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from studio.accounts.models import Team, User
from studio.authoring import expiry
from studio.authoring.expiry import Expiry
from studio.notices.models import Kind, Notice
from studio.notices.services import send
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
        found = found.filter(first_expiry__isnull=False).order_by("first_expiry")
    today = timezone.localdate()
    rows = [Held(one, expiry.of(table, today)) for one in found for table in one.rule_content().exceptions]
    return sorted(rows, key=lambda one: (one.expiry.last or date.max, one.revision.name, one.expiry.table.name))


def due(team: Team) -> list[Held]:
    """Those that have expired or soon will."""
    return [one for one in held(team, only_dated=True) if one.expiry.is_due]


def tell() -> int:
    """Tell everybody concerned of exceptions that soon expire, and once more when they have; how many were told of."""
    latest = timezone.localdate() + expiry.SOON
    concerned = Revision.objects.filter(state=State.APPROVED, first_expiry__lte=latest).values("team")
    return sum(_told(one) for team in Team.objects.filter(pk__in=concerned) for one in due(team))


@transaction.atomic
def _told(one: Held) -> bool:
    """The contributors, and the owner where one of the team is named so; each once for each of the two moments."""
    revision, seen = one.revision, one.expiry
    verb = "expired" if seen.standing is expiry.Standing.EXPIRED else "expires"
    text = f"The exception {seen.table.name} of {revision.name} {verb} on {seen.table.expires}"
    told = Notice.objects.filter(team=revision.team, kind=Kind.EXPIRES, text=text).values("to")
    people = User.objects.filter(memberships__team=revision.team).exclude(pk__in=told)
    named = people.filter(name=seen.table.owner) if seen.table.owner else people.none()
    concerned = [*people.filter(pk__in=revision.contributors.all()), *named]
    url = f"{reverse('library:rule', args=[revision.draft_id])}#rule-exceptions"
    send(revision.team, concerned, None, Kind.EXPIRES, text, url, seen.table.reason)
    return bool(concerned)
