"""Named reads of approved rules. A rule is known by its draft; what it says is its approved revision."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from studio.accounts.models import Team, User
from studio.review import queries as review
from studio.review.lifecycle import State
from studio.review.models import Revision


def rules(team: Team) -> QuerySet[Revision]:
    """The approved revision of every rule of the team."""
    return review.revisions(team, State.APPROVED)


def rule(team: Team, draft: int) -> Revision:
    """The approved revision of one rule. Raises Revision.DoesNotExist."""
    return rules(team).get(draft=draft)


def history(rule: Revision) -> QuerySet[Revision]:
    """All revisions of the rule that were ever approved, the newest first."""
    return review.family(rule).filter(approved_at__isnull=False).prefetch_related("decisions__by")


def saying(found: QuerySet[Revision], text: str) -> QuerySet[Revision]:
    """Those that say every word of the text, anywhere in the rule: name, description, condition, output, tags."""
    for word in text.split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(yaml__icontains=word))
    return found


def authors(team: Team) -> QuerySet[User]:
    """Who handed in one of the approved rules, by name."""
    return User.objects.filter(pk__in=rules(team).order_by().values("handed_in_by")).order_by("name", "pk")
